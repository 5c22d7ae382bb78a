import type { EpochSeconds, Keyspace, PeriodicSpec } from '#protocol';
import { isErrorReply, type WorkRedis } from '#store';

export interface SpecTick {
  readonly spec: PeriodicSpec;
  readonly at: EpochSeconds;
}

/** Far less than the hour for which a moved tick is remembered. */
const MAKE_UP_SECONDS = 1_800;
/** gocraft/work's: a pass puts the ticks of so long ahead into Redis. */
const GO_HORIZON_SECONDS = 240;

/**
 * The last tick of each spec from `coveredUntil` to `now`, both included. Left out where a pool of gocraft/work was there to
 * put it into Redis: moved by Go's requeuer, it left no mark that it fired.
 */
export function missedTicks(
  specs: readonly PeriodicSpec[],
  coveredUntil: EpochSeconds,
  now: EpochSeconds,
  lastGoPass: EpochSeconds | undefined,
): SpecTick[] {
  const from = Math.max(coveredUntil, now - MAKE_UP_SECONDS);
  return specs.flatMap((spec) => {
    const at = lastBetween(spec, from - 1, now + 1);
    const isGos = lastGoPass !== undefined && at !== undefined && at < lastGoPass + GO_HORIZON_SECONDS;
    return at === undefined || isGos ? [] : [{ spec, at }];
  });
}

/** When a pool of gocraft/work last put ticks into Redis; undefined where none did, or nobody can tell. */
export async function lastGoPass(redis: WorkRedis, keyspace: Keyspace): Promise<EpochSeconds | undefined> {
  try {
    const marker = Number.parseInt((await redis.get(keyspace.lastPeriodicEnqueue)) ?? '', 10);
    return Number.isNaN(marker) ? undefined : marker;
  } catch (error) {
    if (isErrorReply(error, 'WRONGTYPE')) return undefined;
    throw error;
  }
}

/** Looks at the last minute first, for a spec that fires each second. */
function lastBetween(spec: PeriodicSpec, from: EpochSeconds, to: EpochSeconds): EpochSeconds | undefined {
  return spec.between(Math.max(from, to - 60), to).at(-1) ?? spec.between(from, to).at(-1);
}
