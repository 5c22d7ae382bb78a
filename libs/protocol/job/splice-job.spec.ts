import fc from 'fast-check';
import { dumpedValue, wireDump } from '../../../test/support/wire-dump.js';
import { arbitraryArguments, arbitraryText } from '../../../test/support/arbitrary-json.js';
import { decodeJob } from './decode-job.js';
import type { JobDocument } from './job-document.js';
import { spliceJob, type JobChanges } from './splice-job.js';
import { UndecodableJobError } from './undecodable-job-error.js';
import { UnencodableValueError } from '../json/unencodable-value-error.js';

const BOOM = 'boom <é> & "q"\nline2';

function splice(text: string, changes: JobChanges): string {
  return spliceJob(Buffer.from(text), changes).toString();
}

function dumped(name: string, key: string): string {
  return (dumpedValue(wireDump(name), key) as readonly string[])[0]!;
}

describe('spliceJob', () => {
  it('writes the bytes that Go wrote for a job that failed for the first time', () => {
    const enqueued = dumped('09-retry-0-enqueued', 'w:jobs:fail');
    const failed = dumped('09-retry-1-inretry', 'w:retry');
    expect(splice(enqueued, { fails: 1, err: BOOM, failed_at: 1795485849 })).toBe(failed);
    expect(splice(failed, { fails: null, err: null, failed_at: null })).toBe(enqueued);
  });

  it.each(['10-dead', '14-uniq-retry'])('writes the bytes that Go wrote for a job that failed again: %s', (name) => {
    const dead = dumped(name, 'w:dead');
    const { fails, failedAt } = decodeJob(Buffer.from(dead));
    const before = splice(dead, { t: 1, fails: fails - 1, err: 'something else', failed_at: 1 });
    const t = decodeJob(Buffer.from(dead)).t;
    expect(splice(before, { t, fails, err: BOOM, failed_at: failedAt! })).toBe(dead);
  });

  it("puts an error text between the other two, in Go's order, where the last failure had none", () => {
    const withoutText = '{"name":"a","id":"1","t":1,"args":null,"fails":1,"failed_at":5}';
    const expected = '{"name":"a","id":"1","t":1,"args":null,"fails":2,"err":"no","failed_at":6}';
    expect(splice(withoutText, { fails: 2, err: 'no', failed_at: 6 })).toBe(expected);
    expect(splice(expected, { fails: 2, err: '', failed_at: 6 })).toBe(
      withoutText.replace('1,"f', '2,"f').replace('5}', '6}'),
    );
  });

  it('puts a new field before the next one that is there, also past one that is left out', () => {
    const changes = { fails: 1, err: '', failed_at: 6 };
    expect(splice('{"args":null,"failed_at":5}', changes)).toBe('{"args":null,"fails":1,"failed_at":6}');
  });

  it('leaves out what Go leaves out, and keeps a time of 0, as Go does', () => {
    expect(splice('{"t":3,"fails":1,"err":"x","failed_at":2}', { t: 0, fails: 0, err: '', failed_at: 0 })).toBe(
      '{"t":0}',
    );
  });

  it('leaves nested objects alone, whatever their keys are', () => {
    const args = '{"t":1,"fails":{"t":2},"x":"\\",\\"t\\":3,"}';
    expect(splice(`{"args":${args},"t":4}`, { t: 5 })).toBe(`{"args":${args},"t":5}`);
  });

  it('keeps white space, and removes with a field only what belongs to it', () => {
    const text = ' { "name" : "a" ,\n "fails" : 1 ,\t"t" :2 } \n';
    expect(splice(text, { t: 3 })).toBe(' { "name" : "a" ,\n "fails" : 1 ,\t"t" :3 } \n');
    expect(splice(text, { fails: null })).toBe(' { "name" : "a" ,\t"t" :2 } \n');
    expect(splice('{ "fails":1, "err":"x", "t":2 }', { fails: null, err: null })).toBe('{ "t":2 }');
    expect(splice('{ "t":2, "fails":1 }', { fails: null })).toBe('{ "t":2 }');
  });

  it('works on an empty object, and can leave one', () => {
    expect(splice('{ }', { t: 1, _claimed: true })).toBe('{"t":1,"_claimed":true }');
    expect(splice('{ "fails":1}', { fails: null })).toBe('{ }');
  });

  it('changes every duplicate and every spelling, so that no reader sees the old value', () => {
    const text = '{"t":1,"T":2,"\\u0074":3,"fails":1,"failſ":2}';
    expect(splice(text, { t: 9, fails: null })).toBe('{"t":9,"T":9,"\\u0074":9}');
  });

  it('appends new fields in the order given, and replaces the mark that is there', () => {
    expect(splice('{"name":"a"}', { _recovered: 1, _claimed: true })).toBe(
      '{"name":"a","_recovered":1,"_claimed":true}',
    );
    expect(splice('{"_recovered":1,"name":"a"}', { _recovered: 2 })).toBe('{"_recovered":2,"name":"a"}');
  });

  it('skips changes that are undefined', () => {
    expect(splice('{"t":1,"err":"x"}', { t: undefined, err: undefined })).toBe('{"t":1,"err":"x"}');
  });

  it('keeps bytes that are no UTF-8', () => {
    const bytes = Buffer.from('{"name":"a_","args":{"s":"_\\u00ff"},"t":1}');
    bytes[bytes.indexOf('_')] = 0xff;
    bytes[bytes.indexOf('_')] = 0x80;
    const added = Buffer.from('22,"err":"é"}');
    expect(spliceJob(bytes, { t: 22, err: 'é' })).toEqual(Buffer.concat([bytes.subarray(0, -'1}'.length), added]));
  });

  it.each(['', 'notjson', '[]', '{"a":1', '{"a" 1}', '{"\\x":1}'])('refuses %j, which is no object', (text) => {
    expect(() => splice(text, { t: 1 })).toThrow(UndecodableJobError);
  });

  it.each([1.5, NaN, Infinity])('refuses %d as a number, which would make Go refuse the job', (t) => {
    expect(() => splice('{}', { t })).toThrow(UnencodableValueError);
  });

  it('writes a count that went beyond what numbers hold as one that Go reads', () => {
    const { fails } = decodeJob(Buffer.from('{"name":"a","fails":9223372036854775807}'));
    expect(splice('{"name":"a"}', { fails: fails + 1 })).toBe('{"name":"a","fails":9007199254740991}');
  });

  it('changes what it is told and nothing else, in documents of any layout', () => {
    fc.assert(
      fc.property(arbitraryLayout, arbitraryChanges, (text, changes) => {
        const before = decodeJob(Buffer.from(text));
        const after = decodeJob(spliceJob(Buffer.from(text), changes));
        expect(after).toEqual(changed(before, changes));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same bytes when it is done again', () => {
    fc.assert(
      fc.property(arbitraryLayout, arbitraryChanges, (text, changes) => {
        const once = spliceJob(Buffer.from(text), changes);
        expect(spliceJob(once, changes)).toEqual(once);
      }),
    );
  });
});

function changed(job: JobDocument, changes: JobChanges): JobDocument {
  const { t = job.t, fails = job.fails, err = job.err, failed_at: failedAt = job.failedAt } = changes;
  const { _claimed: claimed = job.claimed, _recovered: recovered = job.recovered } = changes;
  return {
    ...job,
    t,
    unique: changes.unique === null ? false : job.unique,
    uniqueKey: changes.unique_key === null ? undefined : job.uniqueKey,
    fails: fails ?? 0,
    err: err || undefined,
    failedAt: failedAt || undefined,
    claimed: claimed ?? false,
    recovered: recovered ?? 0,
  };
}

const seconds = fc.integer({ min: 0, max: 4e9 });
const arbitraryChanges: fc.Arbitrary<JobChanges> = fc.record(
  {
    t: seconds,
    unique: fc.constant(null),
    unique_key: fc.constant(null),
    fails: fc.option(fc.nat(5)),
    err: fc.option(arbitraryText),
    failed_at: fc.option(seconds),
    _claimed: fc.constantFrom(true as const, null),
    _recovered: fc.option(fc.nat(5)),
  },
  { requiredKeys: [] },
);

const integer = seconds.map(String);
const json = (arbitrary: fc.Arbitrary<unknown>) => arbitrary.map((value) => JSON.stringify(value));
const member = fc.oneof(
  fc.tuple(fc.constantFrom('id', 'ID', 'err', 'Err', 'unique_key'), json(arbitraryText)),
  fc.tuple(fc.constantFrom('t', 'T', '\\u0074', 'fails', 'failſ', 'failed_at', 'FAILED_AT', '_recovered'), integer),
  fc.tuple(fc.constantFrom('args', 'Args', 'extra', '__proto__', '10'), json(fc.option(arbitraryArguments))),
  fc.tuple(fc.constantFrom('fails', 'err', 'unique', 't'), fc.constant('null')),
  fc.tuple(fc.constantFrom('unique', '_claimed'), fc.constant('true')),
);
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ');

/** Jobs with their fields in any order, twice, in other spellings, and with white space anywhere. */
const arbitraryLayout = fc
  .tuple(fc.array(fc.tuple(member, space, space), { maxLength: 10 }), fc.nat(10), space)
  .map(([members, nameAt, around]) => {
    const texts = members.map(([[key, value], before, after]) => `${before}"${key}"${after}:${before}${value}${after}`);
    return `${around}{${texts.toSpliced(nameAt, 0, '"name":"a"').join(',')}${around}}${around}`;
  });
