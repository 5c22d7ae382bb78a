import { fitsNumber, mayHoldBigIntegers, parseWithBigIntegers, type JobDocument } from '#protocol';

/**
 * The arguments as a person or a page of JSON is to see them: an integer that a number would round stands there as text,
 * digit by digit. An operator who repairs a row must not be shown its neighbour.
 */
export function exactArgs({ args, argsBytes }: JobDocument): JobDocument['args'] {
  if (!args || !mayHoldBigIntegers(argsBytes)) return args;
  return exact(parseWithBigIntegers(argsBytes)) as JobDocument['args'];
}

function exact(value: unknown): unknown {
  if (typeof value === 'bigint') return fitsNumber(value) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, exact(child)]));
}
