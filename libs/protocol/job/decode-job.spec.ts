import { dumpedValue, wireDump } from '../../../test/support/wire-dump.js';
import { decodeJob, MAX_DOCUMENT_BYTES } from './decode-job.js';
import type { JobDocument } from './job-document.js';
import { UndecodableJobError } from './undecodable-job-error.js';

function decode(text: string): JobDocument {
  return decodeJob(Buffer.from(text));
}

function reasonOf(bytes: Buffer | string): string {
  try {
    decodeJob(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof UndecodableJobError) return error.reason;
    throw error;
  }
  return 'none: it was decoded';
}

describe('decodeJob', () => {
  it('reads what gocraft/work wrote, with the bytes of the arguments as they stand', () => {
    const [job] = dumpedValue(wireDump('14-uniq-retry'), 'w:dead') as readonly string[];
    expect(decode(job!)).toEqual({
      name: 'fail',
      id: '00a22474daa228093096f5ed',
      t: 1795485890,
      args: { v: 1 },
      argsBytes: Buffer.from('{"v":1}'),
      unique: true,
      uniqueKey: 'w:unique:fail:{"v":1}\n',
      fails: 3,
      err: 'boom <é> & "q"\nline2',
      failedAt: 1795485890,
      claimed: false,
      recovered: 0,
    });
  });

  it("reads a document that Redis' cjson re-encoded, whatever its order", () => {
    const [job] = dumpedValue(wireDump('09-retry-2-otherpool'), 'w:dead') as readonly string[];
    const decoded = decode(job!);
    expect(decoded).toMatchObject({ name: 'fail', t: 1795485849, fails: 1, failedAt: 1795485851 });
    expect(decoded.args).toMatchObject({ s: '<é>/&', ea: {}, big: 1.2345678901235e18 });
    expect(decoded.argsBytes.toString()).toBe(/"args":(\{.*\}),"id"/s.exec(job!)![1]);
  });

  it('refuses the poison that Go refuses, with a reason for each', () => {
    const list = 'w:jobs:ok:652b0b28f1b8c9d4c4feca41:inprogress';
    const entries = dumpedValue(wireDump('18-poison-list'), list) as readonly string[];
    expect(entries.map(reasonOf)).toEqual([
      'its "t" is no integer',
      'its "id" is no string',
      'its "args" is no object',
      'its "t" is no integer',
      'its "t" is no integer',
      'it is no JSON object',
    ]);
  });

  it('lets the last of duplicates win that is not null, and joins objects of arguments, as Go does', () => {
    const job = decode('{"name":"a","name":null,"T":5,"t":7,"args":{"a":1,"b":1},"ARGS":{"b":2},"id":"x","Id":"y"}');
    expect(job).toMatchObject({ name: 'a', t: 7, id: 'y', args: { a: 1, b: 2 } });
    expect(JSON.parse(job.argsBytes.toString())).toEqual(job.args);
    expect(decode('{"name":"a","args":{"a":1},"args":null}')).toMatchObject({
      args: null,
      argsBytes: Buffer.from('null'),
    });
  });

  it('refuses a field of the wrong type even where a duplicate mends it, as Go does', () => {
    expect(reasonOf('{"name":"a","t":"1","t":1}')).toBe('its "t" is no integer');
    expect(reasonOf('{"name":"a","args":[],"args":{}}')).toBe('its "args" is no object');
  });

  it.each(['ſ', '\\u017f'])('folds %s to s in names of fields, as Go does', (s) => {
    expect(decode(`{"name":"a","arg${s}":{"x":1},"fail${s}":2}`)).toMatchObject({ args: { x: 1 }, fails: 2 });
  });

  it('leaves keys alone that only look like a field', () => {
    expect(decode('{"name":"a","ıd":1,"İd":2,"t ":3,"unique-key":4}')).toMatchObject({ id: '', t: 0, unique: false });
  });

  it.each([
    ['a fraction', '1.0'],
    ['an exponent', '1e3'],
    ['text', '"1"'],
    ['a truth value', 'true'],
  ])('refuses %s as time', (_what, literal) => {
    expect(reasonOf(`{"name":"a","t":${literal}}`)).toBe('its "t" is no integer');
  });

  it('reads times of the whole int64 range and refuses what is beyond', () => {
    expect(decode('{"name":"a","t":9223372036854775807}').t).toBe(2 ** 63);
    expect(decode('{"name":"a","t":-9223372036854775808}').t).toBe(-(2 ** 63));
    expect(decode('{"name":"a","t":-0}').t).toBe(0);
    expect(reasonOf('{"name":"a","t":9223372036854775808}')).toBe('its "t" is beyond int64');
  });

  it.each([
    ['310 digits', `1${'0'.repeat(309)}`],
    ['1e400', '1e400'],
    ['-1e309', '-1e309'],
  ])('refuses arguments with %s, even where a duplicate hides it', (_what, n) => {
    expect(reasonOf(`{"name":"a","args":{"x":[${n}],"x":1}}`)).toBe('its "args" holds a number beyond float64');
    expect(decode(`{"name":"a","args":{},"extra":${n}}`).args).toEqual({});
  });

  it('makes each byte that is no UTF-8 one U+FFFD, also in the middle of a sequence', () => {
    const bytes = Buffer.from('{"name":"a_b","args":{"s":"__"}}');
    bytes[10] = 0xff;
    bytes.set([0xe2, 0x82], bytes.indexOf('__'));
    expect(decodeJob(bytes)).toMatchObject({ name: 'a\ufffdb', args: { s: '\ufffd\ufffd' } });
    expect(decodeJob(bytes).argsBytes).toEqual(bytes.subarray(bytes.indexOf('{"s"'), bytes.length - 1));
  });

  it('makes half of a surrogate pair in a name U+FFFD', () => {
    expect(decode('{"name":"\\ud800x","id":"\\ud83d\\ude00"}')).toMatchObject({ name: '\ufffdx', id: '😀' });
  });

  it('refuses a byte order mark, trailing bytes, and a document that is not an object', () => {
    const refused = ['\ufeff{"name":"a"}', '{"name":"a"}x', '{"name":"a"}{}', '[]', 'null', '', '"a"', '{"name":"a",}'];
    expect(new Set(refused.map(reasonOf))).toEqual(new Set(['it is no JSON object']));
  });

  it.each(['{}', '{"id":"x","t":1,"args":null}', '{"name":""}', '{"name":null}'])('refuses %s: no name', (text) => {
    expect(reasonOf(text)).toBe('it has no name');
  });

  it('reads our own marks, and takes no nonsense for them', () => {
    expect(decode('{"name":"a","_claimed":true,"_recovered":2}')).toMatchObject({ claimed: true, recovered: 2 });
    const odd = ['{"name":"a","_claimed":1,"_recovered":-1}', '{"name":"a","_CLAIMED":true,"_recovered":"9"}'];
    for (const text of odd) expect(decode(text)).toMatchObject({ claimed: false, recovered: 0 });
  });

  it('keeps __proto__ as a key of the arguments and changes no prototype', () => {
    const text =
      '{"__proto__":{"name":"evil"},"name":"a","args":{"__proto__":{"admin":true},"a":{"__proto__":{"admin":true}}}}';
    const { args, name } = decode(text);
    expect(name).toBe('a');
    expect(Object.keys(args!)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(args)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(decode('{"__proto__":{"name":"a"},"name":"b"}').name).toBe('b');
    expect(reasonOf('{"__proto__":{"name":"a"}}')).toBe('it has no name');
  });

  it('joins arguments without letting __proto__ through', () => {
    const { args } = decode('{"name":"a","args":{"b":1},"args":{"__proto__":{"admin":true}}}');
    expect(Object.keys(args!)).toEqual(['b', '__proto__']);
    expect((args as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses over 1,000 levels and over 16 MiB without parsing', () => {
    const nested = (levels: number) => `{"name":"a","args":{"x":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
    expect(decode(nested(1000)).name).toBe('a');
    expect(reasonOf(nested(1001))).toBe('it is nested more than 1,000 levels deep');
    expect(reasonOf(nested(100_000))).toBe('it is nested more than 1,000 levels deep');
    expect(reasonOf(Buffer.alloc(MAX_DOCUMENT_BYTES + 1, ' '))).toBe('it is larger than 16 MiB');
  });

  it('shows no argument in the reason', () => {
    expect(reasonOf('{"name":"a","args":{"password":"hunter2"')).not.toContain('hunter2');
    expect(reasonOf('{"name":"a","args":{"password":hunter2}}')).toMatch(
      /^it is no valid JSON between bytes \d+ and \d+$/,
    );
  });
});
