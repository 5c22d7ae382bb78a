import { fitsNumber, type ArgumentProblem } from '#protocol';
import type { BigIntProperty, BigIntShape } from './bigint-properties.js';

const ROUNDED =
  'is an integer that a number would round. Give its property the type bigint and a decorator, without which TypeScript ' +
  'keeps no type: @IsDefined() id!: bigint, or @Type(() => BigInt) for a list or a union with null; or enqueue it as text';
const NO_INTEGER =
  'must be an integer, as a number or a bigint or as decimal text (its property is declared as bigint)';
const INEXACT = 'is too large for a number, whose last digits are lost: give a bigint, or its digits as text';

/** As many digits as float64 has, and so Go reads without an error. */
const DECIMAL_TEXT = /^-?\d{1,309}$/;

/**
 * Makes of each integer what its handler expects: a bigint at the places of a shape, a number at all others. One that a
 * number would round there is a problem, unless it is stripped anyway.
 */
export class IntegerReader {
  readonly problems: ArgumentProblem[] = [];

  /** @param strips whether what the validation does not know reaches no handler */
  constructor(private readonly strips: boolean) {}

  read(value: unknown, shape: BigIntShape | undefined, path: string): unknown {
    if (typeof value === 'bigint') return this.#number(value, path);
    if (Array.isArray(value)) return value.map((item, index) => this.read(item, shape, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const read = (key: string, child: unknown) => this.#property(key, child, shape, `${path}.${key}`);
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, read(key, child)]));
  }

  #property(key: string, child: unknown, shape: BigIntShape | undefined, path: string): unknown {
    const big = shape?.own.get(key);
    if (big) return this.#big(child, path, big);
    const isStripped = this.strips && shape?.known.has(key) === false;
    return isStripped ? withoutBigIntegers(child) : this.read(child, shape?.nested.get(key), path);
  }

  #big(value: unknown, path: string, property: BigIntProperty): unknown {
    if (typeof value === 'bigint' || value === null) return value;
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    if (Array.isArray(value) && (property.mayBeList || property.isTransformed))
      return value.map((item, index) => this.#big(item, `${path}[${index}]`, property));
    if (property.isTransformed) return this.read(value, undefined, path);
    if (typeof value === 'string' && DECIMAL_TEXT.test(value)) return BigInt(value);
    this.problems.push({ path, reason: Number.isInteger(value) ? INEXACT : NO_INTEGER });
    return value;
  }

  #number(value: bigint, path: string): number {
    if (!fitsNumber(value)) this.problems.push({ path, reason: ROUNDED });
    return Number(value);
  }
}

function withoutBigIntegers(value: unknown): unknown {
  return new IntegerReader(false).read(value, undefined, '');
}
