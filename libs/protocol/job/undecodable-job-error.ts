import { WorkError } from '../errors.js';

/** Bytes of a list or set that are no job document: gocraft/work could not read them either. */
export class UndecodableJobError extends WorkError {
  readonly code = 'WORK_UNDECODABLE_JOB';

  /** @param reason what is wrong, a clause about "it"; never contains argument values */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`The entry is no job document: ${reason}. Mend the program that wrote it.`, options);
  }
}
