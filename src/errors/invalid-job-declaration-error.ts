import { WorkError } from '#protocol';

/** A `@Job` or `@Periodic` stands where it cannot work, or says what cannot be. The application does not start. */
export class InvalidJobDeclarationError extends WorkError {
  readonly code = 'WORK_INVALID_JOB_DECLARATION';

  /**
   * @param place the decorator, class and method, for example `@Job('send_email') on MailService.send`
   * @param reason what is wrong and what to do instead
   */
  constructor(
    readonly place: string,
    reason: string,
  ) {
    super(`${place}: ${reason}`);
  }
}
