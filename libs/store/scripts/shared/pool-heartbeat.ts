import type { EpochSeconds } from '#protocol';

/** What a pool says of itself with each beat: gocraft/work's fields. */
export interface PoolHeartbeat {
  readonly heartbeatAt: EpochSeconds;
  readonly startedAt: EpochSeconds;
  readonly jobNames: readonly string[];
  readonly concurrency: number;
  /** Under which the client looks for what each worker runs. */
  readonly workerIds: readonly string[];
  readonly host: string;
  readonly pid: number;
}

/** Fields and values of the heartbeat hash in turn, as Go writes them: names and ids in the order of their bytes. */
export function heartbeatFields(beat: PoolHeartbeat): string[] {
  const fields = {
    heartbeat_at: beat.heartbeatAt,
    started_at: beat.startedAt,
    job_names: commaJoined(beat.jobNames),
    concurrency: beat.concurrency,
    worker_ids: commaJoined(beat.workerIds),
    host: beat.host,
    pid: beat.pid,
  };
  return Object.entries(fields).flatMap(([field, value]) => [field, String(value)]);
}

function commaJoined(names: readonly string[]): string {
  return names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join(',');
}
