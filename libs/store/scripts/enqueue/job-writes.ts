import type { EpochSeconds, Keyspace } from '#protocol';
import type { ScriptArgument } from '../../script.js';

/** One job to be written. */
export interface JobWrite {
  readonly jobName: string;
  readonly bytes: Buffer | string;
  /** Given, the job goes to the scheduled set instead of its queue. */
  readonly runAt?: EpochSeconds | undefined;
  /** Given, the job is written only where nothing holds this key. */
  readonly unique?: { readonly key: string; readonly holds: 'one' | 'job' } | undefined;
}

interface Group {
  readonly keys: readonly string[];
  readonly kind: string;
  readonly args: ScriptArgument[];
  readonly counted: boolean;
}

export interface GroupedWrites {
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
  /** For each write, which of the script's answers is its own. */
  readonly groupOf: readonly number[];
}

/** Makes one push of all plain jobs of a type, in their order, and one of all scheduled ones; unique ones stay apart. */
export function groupWrites(keyspace: Keyspace, writes: readonly JobWrite[]): GroupedWrites {
  const groups: Group[] = [];
  const open = new Map<string, { readonly index: number; readonly args: ScriptArgument[] }>();
  const groupOf = writes.map((write) => {
    const target = write.runAt === undefined ? keyspace.queue(write.jobName) : keyspace.scheduled;
    if (write.unique) {
      open.delete(target); // what comes later must not be pushed before it
      return groups.push(uniqueGroup(target, write, write.unique)) - 1;
    }
    const group = open.get(target) ?? { index: groups.length, args: [] };
    if (group.index === groups.length) groups.push(emptyGroup(target, write, group.args));
    open.set(target, group);
    addTo(group.args, write);
    return group.index;
  });
  return { keys: groups.flatMap(({ keys }) => keys), args: groups.flatMap(argumentsOf), groupOf };
}

function emptyGroup(target: string, { runAt }: JobWrite, args: ScriptArgument[]): Group {
  return { keys: [target], kind: runAt === undefined ? 'push' : 'schedule', args, counted: true };
}

function addTo(args: ScriptArgument[], { runAt, bytes }: JobWrite): void {
  if (runAt !== undefined) args.push(runAt);
  args.push(bytes);
}

function uniqueGroup(target: string, { runAt, bytes }: JobWrite, unique: NonNullable<JobWrite['unique']>): Group {
  const keys = [target, unique.key];
  const args = [unique.holds === 'one' ? '1' : '', bytes];
  return runAt === undefined
    ? { keys, kind: 'push-unique', args, counted: false }
    : { keys, kind: 'schedule-unique', args: [...args, runAt], counted: false };
}

function argumentsOf({ kind, args, counted }: Group): readonly ScriptArgument[] {
  return counted ? [kind, args.length, ...args] : [kind, ...args];
}
