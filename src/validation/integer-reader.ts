import { fitsNumber, type ArgumentProblem } from '#protocol';
import type { BigIntShape } from './bigint-properties.js';

export const ROUNDED =
  'is an integer that a number would round. Declare its property as bigint (a list of them with @Type(() => BigInt)), or ' +
  'enqueue it as text';

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
    if (shape?.own.has(key)) return this.#big(child, path);
    const isStripped = this.strips && shape?.known.has(key) === false;
    return isStripped ? withoutBigIntegers(child) : this.read(child, shape?.nested.get(key), path);
  }

  #big(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.#big(item, `${path}[${index}]`));
    return Number.isInteger(value)
      ? BigInt(value as number)
      : typeof value === 'bigint'
        ? value
        : this.read(value, undefined, path);
  }

  #number(value: bigint, path: string): number {
    if (!fitsNumber(value)) this.problems.push({ path, reason: ROUNDED });
    return Number(value);
  }
}

function withoutBigIntegers(value: unknown): unknown {
  return new IntegerReader(false).read(value, undefined, '');
}
