import { EncodingProblem } from './encoding-problem.js';
import { encodeWithin, type EncodingLimits, type GoJsonOptions } from './go-json.js';
import { InvalidArgumentsError } from './invalid-arguments-error.js';

/** Largest encoded arguments, in bytes. Binds what we enqueue, not what we read. */
export const MAX_ARGUMENT_BYTES = 1_000_000;
/** Deepest nesting of arguments; the arguments object itself is the first level. */
export const MAX_ARGUMENT_DEPTH = 64;

const LIMITS: EncodingLimits = {
  maxDepth: MAX_ARGUMENT_DEPTH,
  maxLength: MAX_ARGUMENT_BYTES,
  refuseDangerousKeys: true,
};

/**
 * The arguments of a job as they stand in its document, in Go's bytes; see `encodeGoJson` for what may be in them.
 *
 * @throws InvalidArgumentsError naming the job and the place; nothing has been written
 */
export function encodeArguments(jobName: string, args: object | null, options: GoJsonOptions = {}): string {
  if (args === null) return 'null';
  try {
    const json = encodeWithin(LIMITS, args, options);
    if (!json.startsWith('{')) throw new EncodingProblem('must be an object or null, because Go reads them into a map');
    if (Buffer.byteLength(json) > MAX_ARGUMENT_BYTES) throw EncodingProblem.tooLong();
    return json;
  } catch (error) {
    if (!(error instanceof EncodingProblem)) throw error;
    throw new InvalidArgumentsError(jobName, [{ path: error.pathFrom('args'), reason: error.reason }], {
      cause: error.cause,
    });
  }
}
