import { threadFlags } from './thread-flags.js';

describe('threadFlags', () => {
  it.each([
    '--tls-min-v1.0',
    '--tls-max-v1.2',
    '--dns-result-order=ipv4first',
    '--no-network-family-autoselection',
    '--preserve-symlinks',
    '--conditions=custom',
  ])('keeps %s, by which Redis or a file may be found', (flag) => {
    expect(threadFlags([flag])).toEqual([flag]);
  });

  it('leaves out what would run a second time, and what a thread refuses', () => {
    const process = [
      '--import',
      './otel.mjs',
      '--require=./x.cjs',
      '-r',
      'y',
      '--inspect=9229',
      '--max-old-space-size=512',
    ];
    expect(threadFlags(process)).toEqual([]);
  });
});
