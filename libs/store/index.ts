export {
  adviceOnRefusal,
  Connections,
  InvalidConnectionError,
  RedisRefusedError,
  RedisUnreachableError,
  reconnectDelayMs,
  rootOfError,
  targetOf,
  type ClusterConnection,
  type ConnectionListener,
  type ConnectionRole,
  type ConnectionSpec,
  type MistypedKey,
} from './connections/index.js';
export {
  enqueue,
  type EnqueueCall,
  type EnqueueReply,
  type UnknownJobsReply,
  type WriteAnswer,
} from './scripts/enqueue.js';
export { armWakeups, blockingKeys, type BlockedBy, type BlockedQueue } from './scripts/arm-wakeups.js';
export { touchKey } from './scripts/touch-key.js';
export { claimUnique, type ClaimUniqueReply, type ClaimUniqueStep } from './scripts/claim-unique.js';
export { nameSuspect, type NameSuspectStep } from './scripts/name-suspect.js';
export { observe, type WorkerRecord } from './scripts/observe.js';
export { isErrorReply, replyText } from './error-reply.js';
export type { JobWrite } from './scripts/job-writes.js';
export { isPassingError } from './passing-error.js';
export { readyOrLater } from './ready-or-later.js';
export { readTogether, type ReadCommand } from './read-together.js';
export { redisTimeMs } from './redis-time.js';
export { replyError } from './reply-error.js';
export { Script, type ScriptArgument } from './script.js';
export type { WorkRedis } from './work-redis.js';
export { type NamedQueue, settleAndFetch, type Settle, type SettleAndFetchCall } from './scripts/settle-and-fetch.js';
export type {
  KeyError,
  KnownReply,
  QueueStatus,
  SettleAndFetchReply,
  TakenJob,
} from './scripts/settle-and-fetch-reply.js';
export type { AttemptRecord, Settlement } from './scripts/settlement.js';
export { heartbeatFields, type PoolHeartbeat } from './scripts/pool-heartbeat.js';
export { beat, type BeatReply } from './scripts/beat.js';
export { beginReap, type BeginReapReply, type ReapCause } from './scripts/begin-reap.js';
export { dropLockFields, healLocks, type HealLocksReply, type LockField } from './scripts/heal-locks.js';
export { look, type LookReply } from './scripts/look.js';
export {
  moveBack,
  type Fate,
  type FatedEntry,
  type HeldEntry,
  type HeldList,
  type MoveBackReply,
  type MoveBackStep,
} from './scripts/move-back.js';
export { registerPool, type PoolRegistrationReply, type PoolRegistrationStep } from './scripts/register-pool.js';
export { removePool, type RemovalCause, type RemovalReply, type RemovalStep } from './scripts/remove-pool.js';
export { scanOrphans, type OrphanedList, type OrphanScanReply } from './scripts/scan-orphans.js';
export { addTicks, type PeriodicTick } from './scripts/add-ticks.js';
export { FIRED_SECONDS, moveDue, type DueJob, type MoveDueReply, type RefusedJob } from './scripts/move-due.js';
export { quarantineWaiting, type WaitingOutcast } from './scripts/quarantine-waiting.js';
export { readDue, type DueEntry, type DueLimits, type DueReply } from './scripts/read-due.js';
export { findEntries, type EntryRange, type FoundEntries } from './scripts/find-entries.js';
export { pause } from './scripts/pause.js';
export {
  listQuarantined,
  putBackQuarantined,
  readQuarantined,
  removeQuarantined,
  type QuarantineSlice,
  type QuarantineSliceEntry,
} from './scripts/quarantine.js';
export { removeEntries, type EntryRemoval } from './scripts/remove-entries.js';
export { readInProgress, type ReadInProgressReply, type ReadInProgressStep } from './scripts/read-in-progress.js';
