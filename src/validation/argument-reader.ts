import { fitsNumber, type ArgumentProblem } from '#protocol';
import type { ArgumentShape, BigIntProperty } from './argument-shape.js';

const ROUNDED =
  'is an integer that a number would round. Give its property the type bigint and a decorator, without which TypeScript ' +
  'keeps no type: @IsDefined() id!: bigint, or @Type(() => BigInt) for a list or a union with null; or enqueue it as text';
const NO_INTEGER =
  'must be an integer, as a number or a bigint or as decimal text (its property is declared as bigint)';
const INEXACT = 'is too large for a number, whose last digits are lost: give a bigint, or its digits as text';

/** As many digits as float64 has, and so Go reads without an error. */
const DECIMAL_TEXT = /^-?\d{1,309}$/;

/** What is read: where it stands, and what it was before it became JSON, where somebody enqueues it just now. */
interface Place {
  /** By the names in the JSON. */
  readonly path: string;
  /** By those of the properties, as the validation has it. @default path */
  readonly propertyPath?: string;
  readonly given?: unknown;
}

export interface ArgumentReaderOptions {
  /** Whether what the validation does not know reaches no handler. @default false */
  readonly strips?: boolean;
  /**
   * Ways, by the names of properties, at or below which the arguments were refused. `{}` that may be a list is an empty one
   * there: gocraft/work writes that when it moves a job.
   */
  readonly refused?: readonly string[];
}

/**
 * Makes of each integer what its handler expects: a bigint at the places of a shape, a number at all others. One that a
 * number would round there is a problem, unless it is stripped anyway. In the place of what is wrong stands what is not, so
 * that the rest can be looked at, too.
 */
export class ArgumentReader {
  readonly problems: ArgumentProblem[] = [];

  constructor(private readonly options: ArgumentReaderOptions = {}) {}

  read(value: unknown, shape: ArgumentShape | undefined, place: Place): unknown {
    if (typeof value === 'bigint') return this.#number(value, place);
    if (Array.isArray(value)) return value.map((item, index) => this.read(item, shape, itemOf(place, index)));
    if (typeof value !== 'object' || value === null) return value;
    const read = (key: string, child: unknown) => {
      return this.#property(key, child, shape, propertyOf(place, key, shape?.known.get(key)));
    };
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, read(key, child)]));
  }

  #property(key: string, child: unknown, shape: ArgumentShape | undefined, place: Place): unknown {
    if (shape?.lists.has(key) && isEmptyObject(child) && this.#isRefused(place)) return [];
    const big = shape?.bigints.get(key);
    if (big) return this.#big(child, place, big);
    const isStripped = this.options.strips && shape?.isClosed && !shape.known.has(key);
    return isStripped ? withoutBigIntegers(child) : this.read(child, shape?.nested.get(key), place);
  }

  #isRefused({ path, propertyPath = path }: Place): boolean {
    const { refused = [] } = this.options;
    return refused.some((way) => way.startsWith(propertyPath) && /^(?:$|[.[])/.test(way.slice(propertyPath.length)));
  }

  #big(value: unknown, place: Place, property: BigIntProperty): unknown {
    if (typeof place.given === 'number' && isInexact(place.given)) return this.#refuse(place, INEXACT);
    if (typeof value === 'bigint' || value === null) return value;
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    if (Array.isArray(value) && (property.mayBeList || property.isTransformed))
      return value.map((item, index) => this.#big(item, itemOf(place, index), property));
    if (property.isTransformed) return this.read(value, undefined, place);
    if (typeof value === 'string' && DECIMAL_TEXT.test(value)) return BigInt(value);
    return this.#refuse(place, isInexact(value) ? INEXACT : NO_INTEGER);
  }

  #refuse({ path }: Place, reason: string): bigint {
    this.problems.push({ path, reason });
    return 0n;
  }

  #number(value: bigint, { path }: Place): number {
    if (!fitsNumber(value)) this.problems.push({ path, reason: ROUNDED });
    return Number(value);
  }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function isInexact(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

function itemOf({ path, propertyPath = path, given }: Place, index: number): Place {
  return {
    path: `${path}[${index}]`,
    propertyPath: `${propertyPath}[${index}]`,
    given: memberOf(given, String(index)),
  };
}

function propertyOf({ path, propertyPath = path, given }: Place, key: string, property = key): Place {
  return { path: `${path}.${key}`, propertyPath: `${propertyPath}.${property}`, given: memberOf(given, key) };
}

/** Undefined where JSON is made of something else than the member itself. */
function memberOf(given: unknown, key: string): unknown {
  if (typeof given !== 'object' || given === null || 'toJSON' in given) return undefined;
  return Object.getOwnPropertyDescriptor(given, key)?.value;
}

function withoutBigIntegers(value: unknown): unknown {
  return new ArgumentReader().read(value, undefined, { path: '' });
}
