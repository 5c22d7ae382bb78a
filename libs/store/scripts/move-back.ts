import type { EpochSeconds, Keyspace } from '#protocol';
import { Script, type ScriptArgument } from '../script.js';
import type { WorkRedis } from '../work-redis.js';
import { sources } from './sources.generated.js';

const script = new Script(sources.moveBack);

/** Entries in one call: what Redis does at one go. */
const MAX_ENTRIES = 1000;
/** And about so many bytes of them, so that large jobs do not make one huge reply. */
const MAX_BYTES = 4 * 1024 * 1024;

/** An in-progress list of a pool that is reaped. */
export interface HeldList {
  readonly poolId: string;
  readonly jobName: string;
}

/** An entry of a pool that is reaped. */
export interface ReapedEntry {
  readonly list: HeldList;
  /** As they stand in the list. */
  readonly bytes: Buffer;
}

export type Fate =
  | { readonly kind: 'back'; readonly bytes: Buffer }
  /** To dead if its pool named the job a suspect, else back to its queue as it is. */
  | { readonly kind: 'suspect'; readonly jobId: string; readonly score: EpochSeconds; readonly bytes: Buffer }
  | { readonly kind: 'quarantined'; readonly reason: string; readonly bytes: Buffer };

export interface FatedEntry extends ReapedEntry {
  readonly fate: Fate;
}

export type MoveBackReply =
  | {
      readonly kind: 'reaping';
      readonly back: number;
      readonly dead: readonly FatedEntry[];
      /** What they were to go to refused them; they stay. */
      readonly refused: readonly FatedEntry[];
      readonly setAside: readonly FatedEntry[];
      /** What is to be moved by the next call; none left where empty. */
      readonly next: readonly ReapedEntry[];
    }
  | { readonly kind: 'back' | 'gone' };

export interface MoveBackStep {
  readonly poolId: string;
  /** The pool's own before those of ids that point at it, since these are older. */
  readonly lists: readonly HeldList[];
  /** In the order in which the call before answered them. */
  readonly entries: readonly FatedEntry[];
}

/** Moves what the call before read, and reads what the next one moves. Repeating it does nothing twice. */
export async function moveBack(redis: WorkRedis, keyspace: Keyspace, step: MoveBackStep): Promise<MoveBackReply> {
  const { poolId, lists, entries } = step;
  const { workerPools, dead, ext } = keyspace;
  const keys = [workerPools, ext.reaping, ext.pools, dead, ext.quarantine];
  const listArguments = [lists.length, ...lists.map((list) => list.poolId)];
  const args = [poolId, MAX_ENTRIES, MAX_BYTES, ...listArguments, ...entries.flatMap(argumentsOf(lists))];
  const reply = (await script.run(redis, [...keys, ...lists.flatMap(keysOf(keyspace))], args)) as Reply;
  return reply[0].toString() === 'reaping' ? readReply(reply, step) : { kind: reply[0].toString() as 'back' | 'gone' };
}

type Reply = readonly [Buffer, number, number[], number[], number[], ...(number | Buffer)[]];

function keysOf(keyspace: Keyspace): (list: HeldList) => string[] {
  return ({ poolId, jobName }) => [
    keyspace.inProgress(jobName, poolId),
    keyspace.queue(jobName),
    keyspace.lock(jobName),
    keyspace.lockInfo(jobName),
    keyspace.ext.suspect(poolId),
  ];
}

function argumentsOf(lists: readonly HeldList[]): (entry: FatedEntry) => ScriptArgument[] {
  const numbers = new Map(lists.map((list, index) => [list, index + 1]));
  return ({ list, bytes, fate }) => {
    const [jobId, score] = fate.kind === 'suspect' ? [fate.jobId, fate.score] : ['', 0];
    return [numbers.get(list) ?? 0, fate.kind, jobId, score, bytes, fate.bytes];
  };
}

function readReply([, back, dead, refused, setAside, ...rest]: Reply, { lists, entries }: MoveBackStep): MoveBackReply {
  const entryOf = (number: number) => entries[number - 1] as FatedEntry;
  const next: ReapedEntry[] = [];
  for (let i = 0; i < rest.length; i += 2)
    next.push({ list: lists[(rest[i] as number) - 1] as HeldList, bytes: rest[i + 1] as Buffer });
  const moved = { dead: dead.map(entryOf), refused: refused.map(entryOf), setAside: setAside.map(entryOf) };
  return { kind: 'reaping', back, ...moved, next };
}
