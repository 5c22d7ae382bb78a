/** One line of the application's log. */
export interface LogLine {
  readonly level: 'log' | 'warn' | 'error';
  readonly message: string;
  /** Of the error that the message is about: beside an `error`, else on a `debug` line of its own. */
  readonly stack?: string | undefined;
}

/** How a job is called in the log. One of another producer may be without an id. */
export function jobLabel(job: string, jobId = ''): string {
  return ['Job', job, jobId].filter(Boolean).join(' ');
}
