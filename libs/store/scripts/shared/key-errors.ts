/** What Redis said of a key that a script could not use. */
export interface KeyError {
  readonly key: string;
  readonly message: string;
}

/** Of key and error by turns. */
export function decodeKeyErrors(raw: readonly Buffer[]): KeyError[] {
  const errors: KeyError[] = [];
  for (let i = 0; i < raw.length; i += 2) errors.push({ key: String(raw[i]), message: String(raw[i + 1]) });
  return errors;
}
