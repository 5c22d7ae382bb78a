import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

const SHOWN_CHARACTERS = 128;

/** A periodic job's expression is wrong, names a time zone that does not exist, or never fires. */
export class InvalidCronError extends WorkError {
  readonly code = 'WORK_INVALID_CRON';
  /** As given, cut after 128 characters. */
  readonly expression: string;
  readonly reason: string;

  constructor(
    expression: unknown,
    readonly jobName: string,
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const shown = shorten(expression);
    super(
      `Cron expression ${quoted(expression)} of job ${quoted(jobName)} is not usable: ${reason}. Give five fields ` +
        '(minute hour day month weekday), six with seconds first, or one like "@hourly" or "@every 90s"; for example "0 3 * * *".',
      { cause },
    );
    this.expression = shown;
    this.reason = reason;
  }
}

function shorten(expression: unknown): string {
  const text = typeof expression === 'string' ? expression : String(expression);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
