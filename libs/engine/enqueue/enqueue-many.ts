import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { InvalidArgumentsError } from '#protocol';
import type { DraftMaker } from './draft-maker.js';
import { EnqueueManyError, UnknownJobError } from './enqueue-errors.js';
import { EnqueueTimeoutError } from './enqueue-timeout-error.js';
import type { EnqueuedJob } from './enqueued-job.js';
import type { JobDraft } from './job-draft.js';
import { PendingCall } from './pending-call.js';
import type { Producer } from './producer.js';

type Chunk = readonly [JobDraft, ...JobDraft[]];

const MAX_JOBS_PER_CHUNK = 1_000;
/** Of their arguments, as UTF-16 units. */
const MAX_CHUNK_LENGTH = 1_000_000;
/** How long the event loop is held before others get their turn. */
const TURN_MS = 5;

/**
 * Checks and encodes all of them before the first is written.
 *
 * @throws InvalidArgumentsError naming which
 */
export async function draftAll(maker: DraftMaker, name: string, args: readonly (object | null)[]): Promise<JobDraft[]> {
  const items = copyOf(name, args);
  const drafts: JobDraft[] = [];
  let turnEnds = performance.now() + TURN_MS;
  for (const [index, item] of items.entries()) {
    drafts.push(await draftItem(maker, name, item, index));
    if (performance.now() < turnEnds) continue;
    await setImmediate();
    turnEnds = performance.now() + TURN_MS;
  }
  return drafts;
}

/** The caller may change its own meanwhile. */
function copyOf<T>(name: string, args: readonly T[]): readonly T[] {
  try {
    if (Array.isArray(args)) return [...args];
  } catch (cause) {
    throw new InvalidArgumentsError(name, [{ path: 'args', reason: 'threw while it was read; see the cause' }], {
      cause,
    });
  }
  throw new InvalidArgumentsError(name, [{ path: 'args', reason: 'must be an array' }]);
}

async function draftItem(maker: DraftMaker, name: string, item: object | null, index: number): Promise<JobDraft> {
  try {
    return await maker.make(name, item, {});
  } catch (error) {
    if (!(error instanceof InvalidArgumentsError)) throw error;
    const at = (path: string) => path.replace(/^args/, `args[${index}]`);
    const problems = error.problems.map(({ path, reason }) => ({ path: at(path), reason }));
    throw new InvalidArgumentsError(error.jobName, problems, { cause: error.cause });
  }
}

/**
 * Two chunks are under way at any time, so that Redis need not wait for the next.
 *
 * @throws UnknownJobError, with nothing written; EnqueueManyError after which those written are the first of them
 */
export async function writeInChunks(
  producer: Producer,
  name: string,
  drafts: readonly JobDraft[],
  monotonicMs: () => number,
): Promise<EnqueuedJob[]> {
  const calls: PendingCall[] = [];
  try {
    for (const chunk of chunksOf(drafts)) {
      await calls.at(-2)?.settled;
      calls.push(start(producer, chunk, monotonicMs(), calls.at(-1)));
    }
    return (await Promise.all(calls.map(({ settled }) => settled))).flat() as EnqueuedJob[];
  } catch (cause) {
    if (cause instanceof UnknownJobError) throw cause;
    throw await whatBecameOf(name, calls, drafts, cause);
  }
}

function start(producer: Producer, chunk: Chunk, nowMs: number, previous: PendingCall | undefined): PendingCall {
  const call = new PendingCall(chunk, nowMs, previous);
  call.settled.catch(() => {}); // looked at later
  producer.add(call);
  return call;
}

async function whatBecameOf(
  name: string,
  calls: readonly PendingCall[],
  drafts: readonly JobDraft[],
  cause: unknown,
): Promise<EnqueueManyError> {
  const ends = await Promise.allSettled(calls.map(({ settled }) => settled));
  const written = calls.filter((_, index) => ends[index]?.status === 'fulfilled');
  const unknown = calls.filter((_, index) => isUnknown(ends[index]));
  const jobsOf = (some: readonly PendingCall[]) => some.flatMap(({ jobs }) => jobs);
  return new EnqueueManyError(name, drafts.length, jobsOf(written), jobsOf(unknown), cause);
}

function isUnknown(end: PromiseSettledResult<unknown> | undefined): boolean {
  return end?.status === 'rejected' && end.reason instanceof EnqueueTimeoutError && end.reason.written === 'unknown';
}

function* chunksOf(drafts: readonly JobDraft[]): Generator<Chunk> {
  let [start, length] = [0, 0];
  for (const [index, { argsJson }] of drafts.entries()) {
    if (index > start && (index - start === MAX_JOBS_PER_CHUNK || length + argsJson.length > MAX_CHUNK_LENGTH)) {
      yield drafts.slice(start, index) as [JobDraft, ...JobDraft[]];
      [start, length] = [index, 0];
    }
    length += argsJson.length;
  }
  if (drafts.length > start) yield drafts.slice(start) as [JobDraft, ...JobDraft[]];
}
