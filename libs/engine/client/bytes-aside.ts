const MAX_SHOWN_CHARACTERS = 1_000;

/**
 * Gives `target` bytes that only code sees: a page is often the answer of a controller, where JSON would make a list of
 * numbers of them.
 */
export function aside<T extends object, K extends string>(target: T, name: K, bytes: Buffer): T & Record<K, Buffer> {
  return Object.defineProperty(target, name, { value: bytes, enumerable: false }) as T & Record<K, Buffer>;
}

/** What a person sees of bytes that are no job. */
export function beginningOf(bytes: Buffer): string {
  return String(bytes.subarray(0, 4 * MAX_SHOWN_CHARACTERS)).slice(0, MAX_SHOWN_CHARACTERS);
}
