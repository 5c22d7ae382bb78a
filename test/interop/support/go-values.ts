/** JSON that a Go program puts into its arguments as it is, as a `json.RawMessage`. */
export class RawJson {
  readonly bytes: Buffer;

  constructor(json: string | Buffer) {
    this.bytes = Buffer.from(json);
  }
}

/**
 * What a Go program is to enqueue, as it is sent to it. Numbers without fraction, and bigints, become integers in Go, others
 * float64; text, and keys, may be given as bytes that are no UTF-8 (a Buffer, in a Map).
 */
export function goValue(value: unknown): string {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return quoted('text:', value);
  if (value instanceof RawJson) return quoted('json:', value.bytes);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : String(value);
  if (typeof value === 'bigint' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(goValue).join()}]`;
  const fields = value instanceof Map ? [...value] : Object.entries(value as object);
  return `{${fields.map(([key, field]) => `${quoted('', key as string | Buffer)}:${goValue(field)}`).join()}}`;
}

const quoted = (kind: string, text: string | Buffer) => `"${kind}${Buffer.from(text as string).toString('base64')}"`;
