import { utf8AsGo } from './go-utf8.js';
import { newId } from '../job/ids.js';

/** Stands for a bigint in a string while the text is parsed. Nobody outside this process can know it. */
const MARK = `bigint ${newId()} `;
const MAY_BE_BIG = /\d{16}/;
/** No pattern for whole strings: the engine's stack would not hold a long one. */
const ESCAPE_OR_QUOTE_OR_NUMBER = /\\.|"|-?\d[\d.eE+-]*/g;
const BIG_INTEGER = /^-?\d{16,309}$/;

/**
 * JSON.parse, except that an integer literal beyond ±(2^53 − 1) becomes a bigint instead of the nearest number. (One of
 * more than 309 digits, which is beyond float64 and so beyond Go, stays what JSON.parse makes of it.)
 *
 * @throws SyntaxError as JSON.parse does
 *
 * @example parseWithBigIntegers('{"id":9007199254740993,"n":1}') // { id: 9007199254740993n, n: 1 }
 */
export function parseWithBigIntegers(json: string | Buffer): unknown {
  const text = typeof json === 'string' ? json : utf8AsGo(json);
  const parsed: unknown = JSON.parse(text);
  if (!mayHoldBigIntegers(text)) return parsed;
  return JSON.parse(markBigIntegers(text), (_key, value: unknown) => unmarked(value));
}

/** Quick; false where there is certainly none. */
export function mayHoldBigIntegers(json: string | Buffer): boolean {
  return MAY_BE_BIG.test(typeof json === 'string' ? json : json.toString('latin1'));
}

/**
 * Whether a number is written with the same digits, as 2000000000000000000 is: then no other integer becomes the same
 * number. That it *is* the very integer is not enough: 2^60 is, and is written 1152921504606847000.
 */
export function fitsNumber(integer: bigint): boolean {
  return String(Number(integer)) === String(integer);
}

function markBigIntegers(text: string): string {
  let isInString = false;
  return text.replace(ESCAPE_OR_QUOTE_OR_NUMBER, (token) => {
    if (token === '"') isInString = !isInString;
    return !isInString && isBig(token) ? `"${MARK}${token}"` : token;
  });
}

function isBig(token: string): boolean {
  return BIG_INTEGER.test(token) && !Number.isSafeInteger(Number(token));
}

function unmarked(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
}
