import { likelyName } from './likely-name.js';

describe('The name that is likely meant', () => {
  const names = ['send_welcome', 'send_invoice', 'pack', 'MailJobs.nightly'];

  it.each([
    ['send_welcom', 'send_welcome'],
    ['send_wellcome', 'send_welcome'],
    ['snedwelcome', 'send_welcome'],
    ['send_invioce', 'send_invoice'],
    ['mailJobs.nightly', 'MailJobs.nightly'],
    ['pakc', 'pack'],
  ])('%s: %s', (mistyped, meant) => {
    expect(likelyName(mistyped, names)).toBe(meant);
  });

  it.each(['send_bill', 'pick_up', 'ab', 'send', ''])('is none for %j', (other) => {
    expect(likelyName(other, names)).toBeUndefined();
  });

  it('is none where there are none', () => {
    expect(likelyName('pack', [])).toBeUndefined();
  });
});
