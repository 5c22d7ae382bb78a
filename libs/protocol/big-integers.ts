/**
 * JSON.parse, except that an integer literal beyond ±(2^53 − 1) becomes a bigint instead of the nearest number.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseWithBigIntegers(json: string | Buffer): unknown {
  const text = typeof json === 'string' ? json : json.toString();
  return JSON.parse(text);
}
