import { InvalidArgumentsError } from '#protocol';
import { UnrecoverableError } from '#engine';
import { RunningJob, type JobContext } from '../context/index.js';
import type { DiscoveredJob } from '../discovery/index.js';
import type { ArgumentsValidator } from '../validation/index.js';

/** What the handler gets for the arguments of a run; a promise only where it must be. */
export type HandlerArguments = (job: JobContext) => unknown;

export function handlerArguments(
  { schedules }: DiscoveredJob,
  validator: ArgumentsValidator,
  onInvalid: 'dead' | 'retry',
): HandlerArguments {
  const refused = (error: unknown): never => {
    if (onInvalid === 'retry' || !(error instanceof InvalidArgumentsError)) throw error;
    throw new UnrecoverableError(error.message, { cause: error });
  };
  return (job) => {
    const run = RunningJob.runOf(job as RunningJob);
    if (run.args === null && schedules.length > 0) return null; // a tick has no arguments, and its handler knows
    try {
      const args = validator.validate(run);
      return args instanceof Promise ? args.catch(refused) : args;
    } catch (error) {
      return refused(error);
    }
  };
}
