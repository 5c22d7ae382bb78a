import { WorkError } from '../errors.js';

/** A value that JSON, or Go's reading of it, cannot carry. */
export class UnencodableValueError extends WorkError {
  readonly code = 'WORK_UNENCODABLE_VALUE';

  /**
   * @param path where the value stands, for example `args.items[3].price`
   * @param reason what is wrong with it and what to give instead, a clause that follows the path
   */
  constructor(
    readonly path: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path} ${reason}`, options);
  }
}
