import { utf8AsGo } from '../json/go-utf8.js';
import { UnencodableValueError } from '../json/unencodable-value-error.js';

/** The fields of a job document that Go knows. */
export type GoField = 'name' | 'id' | 't' | 'args' | 'unique' | 'unique_key' | 'fails' | 'err' | 'failed_at';

const GO_FIELDS: ReadonlySet<string> = new Set<GoField>([
  'name',
  'id',
  't',
  'args',
  'unique',
  'unique_key',
  'fails',
  'err',
  'failed_at',
]);
const LONGEST = 10;

/** The field that Go fills from a key: it prefers the exact name and otherwise ignores case, by Unicode's simple folding. */
export function goFieldOf(key: string): GoField | undefined {
  if (GO_FIELDS.has(key)) return key as GoField;
  if (key.length > LONGEST) return undefined;
  const folded = key.toLowerCase().replaceAll('ſ', 's'); // toLowerCase alone folds the Kelvin sign to k
  return GO_FIELDS.has(folded) ? (folded as GoField) : undefined;
}

/**
 * The text of a key.
 *
 * @param quoted its bytes, quotes included, decoded as latin1
 * @throws SyntaxError
 */
export function keyText(quoted: string): string {
  const plain = quoted.slice(1, -1);
  return GO_FIELDS.has(plain) ? plain : (JSON.parse(utf8AsGo(Buffer.from(quoted, 'latin1'))) as string);
}

/**
 * Go reads a fraction or an exponent as an error, in every integer field. What a number holds no longer exactly (a hostile
 * count, one more) is written as the nearest that it does.
 *
 * @throws UnencodableValueError
 */
export function encodeInteger(field: string, value: number): string {
  if (!Number.isInteger(value)) throw new UnencodableValueError(field, `is ${value}; give a whole number`);
  return String(Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER)));
}
