/** One line of the application's log. */
export interface LogLine {
  readonly level: 'log' | 'warn' | 'error';
  readonly message: string;
  /** Of the error that the message is about: beside an `error`, else on a `debug` line of its own. */
  readonly stack?: string | undefined;
}
