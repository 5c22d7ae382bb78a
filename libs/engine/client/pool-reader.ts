import type { EpochSeconds, Keyspace } from '#protocol';
import { readTogether, type WorkRedis } from '#store';

/** What a worker pool says of itself with each heartbeat; empty and zero where its last one is gone. */
export interface WorkerPoolHeartbeat {
  readonly poolId: string;
  /** Seconds since 1970. */
  readonly startedAt: EpochSeconds;
  /** Seconds since 1970. */
  readonly heartbeatAt: EpochSeconds;
  readonly jobNames: readonly string[];
  readonly concurrency: number;
  readonly host: string;
  readonly pid: number;
  readonly workerIds: readonly string[];
}

/** What one worker does. Jobs shorter than the record's pace are not seen. */
export interface WorkerObservation {
  readonly workerId: string;
  readonly isBusy: boolean;
  readonly jobName: string;
  readonly jobId: string;
  /** Seconds since 1970. */
  readonly startedAt: EpochSeconds;
  /** Arguments as JSON; empty where the job has none. */
  readonly argsJson: string;
  /** What the job last said of its progress; empty where it has said nothing. */
  readonly checkin: string;
  /** Seconds since 1970, 0 where it has said nothing. */
  readonly checkinAt: EpochSeconds;
}

/** Every pool that is registered, by id. */
export async function readHeartbeats(redis: WorkRedis, keyspace: Keyspace): Promise<WorkerPoolHeartbeat[]> {
  const ids = (await redis.smembers(keyspace.workerPools)).sort();
  const hashes = await readHashes(
    redis,
    ids.map((id) => keyspace.heartbeat(id)),
  );
  return ids.map((id, index) => toHeartbeat(id, hashes[index] ?? NO_FIELDS));
}

/** Every worker of every pool that is registered. */
export async function readObservations(redis: WorkRedis, keyspace: Keyspace): Promise<WorkerObservation[]> {
  const ids = (await readHeartbeats(redis, keyspace)).flatMap(({ workerIds }) => workerIds);
  const hashes = await readHashes(
    redis,
    ids.map((id) => keyspace.observation(id)),
  );
  return ids.map((id, index) => toObservation(id, hashes[index] ?? NO_FIELDS));
}

type Fields = ReadonlyMap<string, string>;

const NO_FIELDS: Fields = new Map();

async function readHashes(redis: WorkRedis, keys: readonly string[]): Promise<Fields[]> {
  const replies = await readTogether(
    redis,
    keys.map((key) => ['HGETALL', key] as const),
  );
  return replies.map((reply) => {
    const values = Object.entries((reply ?? {}) as Readonly<Record<string, Buffer>>);
    return new Map(values.map(([name, value]) => [name, String(value)]));
  });
}

function toHeartbeat(poolId: string, fields: Fields): WorkerPoolHeartbeat {
  return {
    poolId,
    startedAt: number(fields, 'started_at'),
    heartbeatAt: number(fields, 'heartbeat_at'),
    jobNames: list(fields, 'job_names'),
    concurrency: number(fields, 'concurrency'),
    host: fields.get('host') ?? '',
    pid: number(fields, 'pid'),
    workerIds: list(fields, 'worker_ids'),
  };
}

/** Where a worker of gocraft/work began its job at once after another, the other's checkin stands there still. */
function toObservation(workerId: string, fields: Fields): WorkerObservation {
  const startedAt = number(fields, 'started_at');
  const checkinAt = number(fields, 'checkin_at');
  const isCheckedIn = checkinAt >= startedAt;
  return {
    workerId,
    isBusy: fields.size > 0,
    jobName: fields.get('job_name') ?? '',
    jobId: fields.get('job_id') ?? '',
    startedAt,
    argsJson: fields.get('args') ?? '',
    checkin: isCheckedIn ? (fields.get('checkin') ?? '') : '',
    checkinAt: isCheckedIn ? checkinAt : 0,
  };
}

function number(fields: Fields, name: string): number {
  return Number(fields.get(name)) || 0;
}

function list(fields: Fields, name: string): readonly string[] {
  return fields.get(name)?.split(',').filter(Boolean) ?? [];
}
