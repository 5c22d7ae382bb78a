import type { EpochSeconds, PeriodicSpec } from '#protocol';

/** When a periodic job is due next. */
export interface UpcomingTick {
  readonly jobName: string;
  readonly expression: string;
  readonly timezone: string;
  readonly at: EpochSeconds;
  /** The id that the job will have. */
  readonly jobId: string;
}

/** The next `count` ticks of all the specs together, in order. */
export function upcomingTicks(specs: readonly PeriodicSpec[], after: EpochSeconds, count: number): UpcomingTick[] {
  return specs
    .flatMap((spec) => spec.next(after, count).map((at) => toUpcoming(spec, at)))
    .sort((one, other) => one.at - other.at)
    .slice(0, count);
}

function toUpcoming(spec: PeriodicSpec, at: EpochSeconds): UpcomingTick {
  const { jobName, expression, timezone } = spec;
  return { jobName, expression, timezone, at, jobId: spec.idAt(at) };
}
