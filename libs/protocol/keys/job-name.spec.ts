import { InvalidJobNameError } from './invalid-job-name-error.js';
import { assertJobName } from './job-name.js';

describe('assertJobName', () => {
  it.each([
    'send_email',
    'a',
    'has:colon <&> é',
    'mail/weekly',
    '日本',
    '😀',
    'lock',
    'x:locked',
    'x:lock:y',
    '__proto__',
    'x'.repeat(128),
  ])('takes %j', (name) => {
    expect(() => assertJobName(name)).not.toThrow();
  });

  it.each<[unknown, string]>([
    ['', 'it must not be empty'],
    ['x'.repeat(129), 'it must not be longer than 128 characters'],
    ['a,b', 'it must not contain a comma'],
    ['a\nb', 'it must not contain a control character'],
    ['a\u0000', 'it must not contain a control character'],
    ['a\u0085', 'it must not contain a control character'],
    ['a\ud800', 'it must not contain half of a surrogate pair'],
    ['x:lock', 'it must not end in'],
    ['x:lock_info', 'it must not end in'],
    ['x:paused', 'it must not end in'],
    ['x:max_concurrency', 'it must not end in'],
    ['x:1f:inprogress', 'it must not end in'],
    [undefined, 'it must be text'],
    [7, 'it must be text'],
  ])('refuses %j', (name, reason) => {
    expect(() => assertJobName(name as string)).toThrow(InvalidJobNameError);
    expect(() => assertJobName(name as string)).toThrow(reason);
  });

  it('names the job, the reason and the remedy, and not a whole megabyte', () => {
    expect(() => assertJobName('a,b')).toThrow(
      'Job name "a,b" is not usable: it must not contain a comma, which separates the names in a pool\'s heartbeat. ' +
        'Rename the job, for example "send_email".',
    );
    const huge = new InvalidJobNameError('x'.repeat(1_000_000), 'no');
    expect(huge.message.length).toBeLessThan(300);
    expect(huge.code).toBe('WORK_INVALID_JOB_NAME');
  });
});
