import { doesNotExist, quoted, WorkError } from '#protocol';

/** What a class of the engine was constructed with cannot be used: an option that does not exist, or none at all. */
export class InvalidEngineOptionError extends WorkError {
  readonly code = 'WORK_INVALID_ENGINE_OPTION';

  /** @param problem the rest of a sentence that begins with the class */
  constructor(owner: string, problem: string) {
    super(`${owner}: ${problem}`);
  }
}

/**
 * An option that is mistyped would be one that is not given.
 *
 * @throws InvalidEngineOptionError
 */
export function assertOptions(owner: string, options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== 'object' || options === null)
    throw new InvalidEngineOptionError(owner, `its options are ${quoted(options)}. Give an object with a namespace.`);
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown !== undefined)
    throw new InvalidEngineOptionError(owner, `option ${quoted(unknown)} ${doesNotExist(unknown, known)}`);
}
