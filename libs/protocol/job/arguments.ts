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
const NO_KEY = 'must be an object, for example { userId: 1 }; for uniqueness by the arguments call enqueueUnique()';

const LIMITS: EncodingLimits = { maxDepth: MAX_ARGUMENT_DEPTH, maxBytes: MAX_ARGUMENT_BYTES, refusedKeys: true };

/**
 * The arguments of a job as they stand in its document; `encodeGoJson` says what may be in them.
 *
 * @throws InvalidArgumentsError naming the job and the place: what cannot be encoded, no object, over 1 MB, over 64
 * levels, a key `__proto__`, `constructor` or `prototype`
 */
export function encodeArguments(jobName: string, args: object | null, options: GoJsonOptions = {}): string {
  return args === null ? 'null' : encodeObject(jobName, { path: 'args', value: args, expected: NO_OBJECT }, options);
}

/**
 * What a job is to be unique by, in place of its arguments; the same may be in it.
 *
 * @throws InvalidArgumentsError whose problems begin with `key`
 */
export function encodeKey(jobName: string, key: object, options: GoJsonOptions = {}): string {
  return encodeObject(jobName, { path: 'key', value: key ?? null, expected: NO_KEY }, options);
}

interface Given {
  readonly path: 'args' | 'key';
  readonly value: object | null;
  /** What it should have been, where it is no object. */
  readonly expected: string;
}

function encodeObject(jobName: string, { path, value, expected }: Given, options: GoJsonOptions): string {
  try {
    const json = encodeWithin(LIMITS, value, options);
    if (!json.startsWith('{')) throw new EncodingProblem(expected);
    if (json.length * MAX_BYTES_PER_UNIT > MAX_ARGUMENT_BYTES && Buffer.byteLength(json) > MAX_ARGUMENT_BYTES)
      throw EncodingProblem.tooLarge(MAX_ARGUMENT_BYTES);
    return json;
  } catch (error) {
    if (!(error instanceof EncodingProblem)) throw error;
    const problem = { path: error.pathFrom(path), reason: error.reason };
    throw new InvalidArgumentsError(jobName, [problem], { cause: error.cause });
  }
}
