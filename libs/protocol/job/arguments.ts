import { EncodingProblem } from '../json/encoding-problem.js';
import type { EncodingLimits } from '../json/go-json-encoder.js';
import { encodeWithin, type GoJsonOptions } from '../json/go-json.js';
import { InvalidArgumentsError } from './invalid-arguments-error.js';

/** Largest arguments, in bytes of JSON. Binds what we enqueue, not what we read. */
export const MAX_ARGUMENT_BYTES = 1_000_000;
/** Deepest nesting of arguments; the arguments object itself is the first level. */
export const MAX_ARGUMENT_DEPTH = 64;

/** UTF-8 bytes that one UTF-16 unit can take: most arguments are so short that their bytes need no counting. */
const MAX_BYTES_PER_UNIT = 3;

/** gocraft/work reads arguments into a map, which takes nothing else. */
const NO_OBJECT = 'must be an object or null; put a list or a single value into one, for example { items: […] }';

const LIMITS: EncodingLimits = { maxDepth: MAX_ARGUMENT_DEPTH, maxBytes: MAX_ARGUMENT_BYTES, refusedKeys: true };

/**
 * The arguments of a job as they stand in its document; `encodeGoJson` says what may be in them.
 *
 * @throws InvalidArgumentsError naming the job and the place: what cannot be encoded, no object, over 1 MB, over 64
 * levels, a key `__proto__`, `constructor` or `prototype`
 */
export function encodeArguments(jobName: string, args: object | null, options: GoJsonOptions = {}): string {
  if (args === null) return 'null';
  try {
    return encodeObject(args, options);
  } catch (error) {
    if (!(error instanceof EncodingProblem)) throw error;
    const problem = { path: error.pathFrom('args'), reason: error.reason };
    throw new InvalidArgumentsError(jobName, [problem], { cause: error.cause });
  }
}

function encodeObject(args: object, options: GoJsonOptions): string {
  const json = encodeWithin(LIMITS, args, options);
  if (!json.startsWith('{')) throw new EncodingProblem(NO_OBJECT);
  if (json.length * MAX_BYTES_PER_UNIT > MAX_ARGUMENT_BYTES && Buffer.byteLength(json) > MAX_ARGUMENT_BYTES)
    throw EncodingProblem.tooLarge(MAX_ARGUMENT_BYTES);
  return json;
}
