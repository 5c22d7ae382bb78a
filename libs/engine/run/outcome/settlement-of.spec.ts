import { decodeJob, decodeQuarantined } from '#protocol';
import { jobBytes } from '../../../../test/support/held-job.js';
import { INTERRUPTED, SUCCEEDED, type JobOutcome } from './job-outcome.js';
import { settlementOf, type SettledEntry } from './settlement-of.js';

const NOW = 1_795_485_848;
const ARGS = '{"big":1234567890123456800,"ea":[],"eo":{},"f":3.141592653589793,"n":null,"s":"\\u003cé\\u003e"}';

function entry(bytes: Buffer | string = jobBytes()): SettledEntry {
  return { bytes: Buffer.from(bytes), queueKey: 'w:jobs:sync', jobId: 'job1', poolId: 'pool1', host: 'box', now: NOW };
}

function failure(message: string, fails = 1) {
  return { error: new Error(message), text: message, fails, at: NOW };
}

function bytesOf(outcome: JobOutcome, fetched: string): string {
  const settlement = settlementOf(outcome, entry(fetched));
  return 'bytes' in settlement ? settlement.bytes.toString() : '';
}

describe('the settlement of an outcome', () => {
  it('removes the entry of a job that succeeded or cancelled itself, and notes no attempt', () => {
    expect(settlementOf(SUCCEEDED, entry())).toEqual({ kind: 'succeeded' });
    expect(settlementOf({ kind: 'cancelled', reason: 'x' }, entry())).toEqual({ kind: 'discarded' });
  });

  it('gives an interrupted job back as it is', () => {
    expect(settlementOf(INTERRUPTED, entry())).toEqual({ kind: 'back' });
  });

  it('puts a snoozed job into the scheduled set with its bytes as they are', () => {
    const bytes = jobBytes({ args: { a: 1 } });
    expect(settlementOf({ kind: 'snoozed', runAt: NOW + 60 }, entry(bytes))).toEqual({
      kind: 'scheduled',
      score: NOW + 60,
      bytes,
    });
  });

  it('forgets the recoveries of a job that snoozed, as of every attempt that ended', () => {
    const text = bytesOf({ kind: 'snoozed', runAt: NOW + 60 }, jobBytes({ _recovered: 2 }).toString());
    expect(JSON.parse(text)).not.toHaveProperty('_recovered');
  });

  it('never puts a periodic tick off to the second that its id names, at which it has fired', () => {
    const tick = { ...entry(), jobId: `periodic:sync:@hourly:${NOW}` };
    expect(settlementOf({ kind: 'snoozed', runAt: NOW }, tick)).toMatchObject({ score: NOW + 1 });
    expect(settlementOf({ kind: 'snoozed', runAt: NOW + 5 }, tick)).toMatchObject({ score: NOW + 5 });
  });

  it('writes into retry what gocraft/work wrote for the same failure, byte for byte', () => {
    const fetched = `{"name":"fail","id":"c471ba40983fb70c5ee4b937","t":1795485848,"args":${ARGS}}`;
    const written = bytesOf({ kind: 'retry', runAt: NOW + 32, failure: failure('boom <é> & "q"\nline2') }, fetched);
    expect(written).toBe(
      `{"name":"fail","id":"c471ba40983fb70c5ee4b937","t":1795485848,"args":${ARGS},"fails":1,` +
        `"err":"boom \\u003cé\\u003e \\u0026 \\"q\\"\\nline2","failed_at":1795485848}`,
    );
  });

  it('leaves the error out where it has no text, as gocraft/work does', () => {
    const fetched = `{"name":"failempty","id":"f921234daec12bf7fc492c72","t":1795485848,"args":${ARGS}}`;
    expect(bytesOf({ kind: 'retry', runAt: NOW + 48, failure: failure('') }, fetched)).toBe(
      `{"name":"failempty","id":"f921234daec12bf7fc492c72","t":1795485848,"args":${ARGS},"fails":1,"failed_at":1795485848}`,
    );
  });

  it('writes into dead what gocraft/work wrote for a unique job that failed once more, byte for byte', () => {
    const head =
      '{"name":"fail","id":"00a22474daa228093096f5ed","t":1795485890,"args":{"v":1},"unique":true,' +
      '"unique_key":"w:unique:fail:{\\"v\\":1}\\n"';
    const fetched = `${head},"fails":2,"err":"boom","failed_at":1795485800}`;
    const dead: JobOutcome = { kind: 'dead', failure: failure('boom', 3) };
    expect(bytesOf(dead, fetched)).toBe(`${head},"fails":3,"err":"boom","failed_at":${NOW}}`);
    expect(settlementOf(dead, entry(fetched))).toMatchObject({ kind: 'dead', score: NOW });
  });

  it('forgets the recoveries of a job that ended by itself, and keeps its claim', () => {
    const fetched = jobBytes({ unique: true, _claimed: true, _recovered: 2 }).toString();
    const written = decodeJob(Buffer.from(bytesOf({ kind: 'retry', runAt: NOW, failure: failure('boom') }, fetched)));
    expect(written).toMatchObject({ recovered: 0, claimed: true, fails: 1 });
  });

  it.each(['retry', 'dead', 'discarded'] as const)('notes the failed attempt of a job that ends as %s', (kind) => {
    const settlement = settlementOf({ kind, runAt: NOW, failure: failure('boom', 2) }, entry());
    expect(settlement.attempt?.jobId).toBe('job1');
    const line = JSON.parse(settlement.attempt?.line ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({ attempt: 2, at: NOW, poolId: 'pool1', host: 'box' });
    expect(line['error']).toMatchObject({ name: 'Error', message: 'boom' });
  });

  it('quarantines with the reason, the queue and the bytes as found', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    const settlement = settlementOf({ kind: 'quarantined', reason: 'it is no JSON object' }, entry(bytes));
    if (settlement.kind !== 'quarantined') throw new Error(settlement.kind);
    expect(decodeQuarantined(settlement.entry)).toEqual({
      note: { reason: 'it is no JSON object', from: 'w:jobs:sync', at: NOW },
      bytes,
    });
  });
});
