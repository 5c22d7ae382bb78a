import fc from 'fast-check';
import { dumpedValue, wireDump } from '../../../test/support/wire-dump.js';
import { arbitraryArguments, arbitraryText } from '../../../test/support/arbitrary-json.js';
import { decodeJob } from './decode-job.js';
import { encodeNewJob } from './encode-new-job.js';
import { encodeGoJson } from '../json/go-json.js';
import { UnencodableValueError } from '../json/unencodable-value-error.js';

const ENQUEUED: [dump: string, key: string][] = [
  ['01-plain', 'w:jobs:basic'],
  ['01-plain', 'w:jobs:emptyargs'],
  ['01-plain', 'w:jobs:nilargs'],
  ['01-plain', 'w:jobs:has:colon <&> é'],
  ['02-encoding', 'w:jobs:enc'],
  ['03-unique', 'w:jobs:u'],
  ['03-unique', 'w:jobs:uk'],
  ['04-uniquein', 'w:scheduled'],
  ['05-sched', 'w:scheduled'],
  ['09-retry-0-enqueued', 'w:jobs:fail'],
  ['13-uniq-updated-0', 'w:jobs:uk'],
  ['27-periodic', 'w:scheduled'],
];

function jobsOf(dump: string, key: string): string[] {
  return (dumpedValue(wireDump(dump), key) as readonly string[]).filter((entry) => entry.startsWith('{'));
}

describe('encodeNewJob', () => {
  it.each(ENQUEUED)('writes the bytes that Go enqueued: %s %s', (dump, key) => {
    for (const job of jobsOf(dump, key)) {
      const { name, id, t, argsBytes, uniqueKey } = decodeJob(Buffer.from(job));
      expect(encodeNewJob({ name, id, t, argsJson: argsBytes.toString(), uniqueKey }).toString()).toBe(job);
    }
  });

  it('writes what decodeJob reads back', () => {
    const job = fc.record({
      name: arbitraryText.filter(Boolean),
      id: arbitraryText,
      t: fc.maxSafeInteger(),
      args: arbitraryArguments,
    });
    fc.assert(
      fc.property(job, fc.option(arbitraryText.filter(Boolean), { nil: undefined }), ({ args, ...job }, uniqueKey) => {
        const decoded = decodeJob(encodeNewJob({ ...job, argsJson: encodeGoJson(args), uniqueKey }));
        expect(decoded).toMatchObject({ ...job, uniqueKey, unique: uniqueKey !== undefined, fails: 0 });
        expect(encodeGoJson(decoded.args)).toBe(encodeGoJson(args));
      }),
    );
  });

  it('refuses a time that is no whole number, which would make Go refuse the job', () => {
    expect(() => encodeNewJob({ name: 'a', id: '1', t: 1.5, argsJson: 'null' })).toThrow(UnencodableValueError);
  });
});
