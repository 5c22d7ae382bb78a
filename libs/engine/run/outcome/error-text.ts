import { inspect, types } from 'node:util';

const ELLIPSIS = '…';

const MAX_CAUSES = 3;

/**
 * What is stored of a thrown value as the text of a failure: its own, and what caused it, since "fetch failed" alone says
 * nothing: `fetch failed (caused by connect ECONNREFUSED 127.0.0.1:9)`. A cause that the text has already is not repeated.
 */
export function failureText(thrown: unknown): string {
  const text = errorText(thrown);
  const causes: string[] = [];
  let error = causeOf(thrown);
  for (let depth = 0; error !== undefined && depth < MAX_CAUSES; depth += 1, error = causeOf(error)) {
    const cause = errorText(error);
    if (cause && ![text, ...causes].some((said) => said.includes(cause))) causes.push(cause);
  }
  return causes.length > 0 ? `${text} (${causes.map((cause) => `caused by ${cause}`).join(', ')})`.trimStart() : text;
}

/**
 * What a thrown value says: an error's message, of any other value what it looks like. An error that gathers others (a
 * refused connection is one, and has no message of its own) says theirs too.
 */
export function errorText(thrown: unknown): string {
  try {
    if (typeof thrown === 'string') return thrown;
    if (!isError(thrown)) return inspect(thrown, { depth: 2, breakLength: Infinity });
    const message = String(thrown.message);
    const gathered = gatheredText(thrown).filter((text) => !message.includes(text));
    return [message, gathered.join('; ')].filter(Boolean).join(': ');
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

function gatheredText(error: Error): string[] {
  const gathered: unknown = (error as AggregateError).errors;
  return Array.isArray(gathered) ? [...new Set(gathered.filter(isError).map(errorText))].filter(Boolean) : [];
}

/** Undefined where it has none that is an error. */
function causeOf(thrown: unknown): Error | undefined {
  try {
    const cause: unknown = isError(thrown) ? thrown.cause : undefined;
    return isError(cause) ? cause : undefined;
  } catch {
    return undefined;
  }
}
