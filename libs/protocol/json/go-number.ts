import { EncodingProblem } from './encoding-problem.js';

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** As Go writes a float64, and so an integer: JavaScript's own way but for -0. @throws EncodingProblem */
export function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new EncodingProblem(`is ${value}, which JSON cannot carry; give null or leave it out`);
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** @throws EncodingProblem */
export function encodeBigInt(value: bigint): string {
  if (value < MIN_INT64 || value > MAX_UINT64) {
    throw new EncodingProblem('is a bigint outside int64 and uint64, which Go cannot hold; give it as text');
  }
  return value.toString();
}
