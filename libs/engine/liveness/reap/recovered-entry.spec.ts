import { decodeJob } from '#protocol';
import { fateOf, POISON_REASON } from './recovered-entry.js';

const NOW = 1_800_000_000;
const job = (rest = '') => Buffer.from(`{"name":"send","id":"a","t":1,"args":{"x":[ ]}${rest}}`);

describe('what becomes of an entry of a dead pool', () => {
  it('goes back with its recovery counted in its text, every other byte as it was', () => {
    expect(fateOf(job(), NOW, true)).toEqual({ kind: 'back', bytes: job(',"_recovered":1') });
    expect(fateOf(job(',"_recovered":1'), NOW, true)).toEqual({ kind: 'back', bytes: job(',"_recovered":2') });
  });

  it('goes to dead at the third recovery if it was named, with the reason and one failed attempt more', () => {
    const fate = fateOf(job(',"fails":2,"err":"boom","failed_at":5,"_recovered":2'), NOW, true);
    expect(fate).toMatchObject({ kind: 'suspect', jobId: 'a', score: NOW });
    expect(decodeJob(fate.bytes)).toMatchObject({ fails: 3, err: POISON_REASON, failedAt: NOW, recovered: 3 });
  });

  it("is marked, where it is unique and was Go's, so that it leaves alone the key that a newer job may have taken", () => {
    const unique = ',"unique":true,"unique_key":"work:unique:send:{}\\n"';
    const marked = { kind: 'back', bytes: job(',"_recovered":1,"_claimed":true') };
    expect(fateOf(job(unique), NOW, false)).toEqual(marked);
    expect(fateOf(job(unique), NOW, true)).toEqual({ kind: 'back', bytes: job(`${unique},"_recovered":1`) });
    expect(fateOf(job(), NOW, false)).toEqual({ kind: 'back', bytes: job(',"_recovered":1') });
  });

  it("goes back however often it was recovered where it was Go's, which names no suspects", () => {
    const bytes = job(',"_recovered":2');
    expect(fateOf(bytes, NOW, false)).toEqual({ kind: 'back', bytes });
  });

  it.each([
    ['no JSON', 'nonsense \xff'],
    ['no object', '[1]'],
    ['no name', '{"id":"a","t":1,"args":null}'],
  ])('goes back as it is where it is %s', (_, text) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(fateOf(bytes, NOW, true)).toEqual({ kind: 'back', bytes });
  });
});
