import { inspect, types } from 'node:util';

const ELLIPSIS = '…';

/**
 * What is stored of a thrown value as its text: an error's message, of any other value what it looks like. An error that
 * only gathers others (a refused connection is one, and has no message) speaks with their messages.
 */
export function errorText(thrown: unknown): string {
  try {
    if (typeof thrown === 'string') return thrown;
    if (!isError(thrown)) return inspect(thrown, { depth: 2, breakLength: Infinity });
    return String(thrown.message) || gatheredText(thrown);
  } catch {
    return 'an error that cannot be read';
  }
}

/** Also one of another realm, such as a vm context, which `instanceof` does not know. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

/** Cut to so many bytes of UTF-8, with an ellipsis at the end, never in the middle of a character. */
export function bounded(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text.slice(0, maxBytes));
  let end = maxBytes - Buffer.byteLength(ELLIPSIS);
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end) + ELLIPSIS;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

function gatheredText(error: Error): string {
  const gathered: unknown = (error as AggregateError).errors;
  return Array.isArray(gathered) ? [...new Set(gathered.map(errorText))].filter(Boolean).join('; ') : '';
}
