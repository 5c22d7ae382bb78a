export { addTicks, type PeriodicTick } from './add-ticks.js';
export {
  adviceOnRefusal,
  Connections,
  InvalidConnectionError,
  RedisLostError,
  RedisRefusedError,
  RedisUnreachableError,
  rootOfError,
  targetOf,
  type ClusterConnection,
  type ConnectionRole,
  type ConnectionSpec,
} from './connections/index.js';
export { isErrorReply, replyText } from './error-reply.js';
export { ConnectionLostError, isLostConnection } from './lost-connection.js';
export { mistypedKey } from './mistyped-key.js';
export { isPassingError } from './passing-error.js';
export { readScore } from './read-score.js';
export { readAll, readTogether, type ReadCommand } from './read-together.js';
export { readyOrLater } from './ready-or-later.js';
export { redisTimeMs } from './redis-time.js';
export { replyError } from './reply-error.js';
export { armWakeups, blockingKeys, type BlockedBy, type BlockedQueue } from './scripts/arm-wakeups.js';
export { beat, type BeatReply } from './scripts/beat.js';
export { beginReap, type ReapCause } from './scripts/begin-reap.js';
export { claimUnique } from './scripts/claim-unique.js';
export { deleteSet } from './scripts/delete-set.js';
export { dropLockFields } from './scripts/drop-lock-fields.js';
export { enqueue, type EnqueueReply, type UnknownJobsReply, type WriteAnswer } from './scripts/enqueue.js';
export type { JobWrite } from './scripts/enqueue/job-writes.js';
export { findEntries } from './scripts/find-entries.js';
export { healLocks, type LockField } from './scripts/heal-locks.js';
export { listQuarantined } from './scripts/list-quarantined.js';
export { look, type LookReply } from './scripts/look.js';
export {
  moveBack,
  type Fate,
  type FatedEntry,
  type HeldList,
  type MoveBackReply,
  type ReapedEntry,
} from './scripts/move-back.js';
export { moveDue, type DueJob, type MoveDueReply, type RefusedJob } from './scripts/move-due.js';
export { nameSuspect } from './scripts/name-suspect.js';
export { observe } from './scripts/observe.js';
export { pause } from './scripts/pause.js';
export { quarantineWaiting, type WaitingOutcast } from './scripts/quarantine-waiting.js';
export { readDue, type DueEntry } from './scripts/read-due.js';
export { readInProgress, type ReadInProgressReply, type ReadInProgressStep } from './scripts/read-in-progress.js';
export { registerPool } from './scripts/register-pool.js';
export { removeEntries } from './scripts/remove-entries.js';
export { removePool } from './scripts/remove-pool.js';
export { scanOrphans, type OrphanedList } from './scripts/scan-orphans.js';
export { settleAndFetch } from './scripts/settle-and-fetch.js';
export type { NamedQueue, Settle, SettleAndFetchCall } from './scripts/settle-and-fetch/call.js';
export type {
  ForeignLimit,
  KnownReply,
  QueueStatus,
  SettleAndFetchReply,
  TakenJob,
} from './scripts/settle-and-fetch/reply.js';
export { GIVEN_BACK, type AttemptRecord, type Settlement } from './scripts/settle-and-fetch/settlement.js';
export type { KeyError } from './scripts/shared/key-errors.js';
export type { PoolHeartbeat } from './scripts/shared/pool-heartbeat.js';
export { putBackQuarantined, readQuarantined, removeQuarantined } from './scripts/take-quarantined.js';
export { touchKey } from './scripts/touch-key.js';
export type { WorkRedis } from './work-redis.js';
