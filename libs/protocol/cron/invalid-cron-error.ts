import { WorkError } from '../errors.js';
import { quoted } from '../quoted.js';

const SHOWN_CHARACTERS = 128;
const FIELDS =
  'Give five fields (minute hour day month weekday), six with seconds first, or one like "@hourly" or "@every 90s"; ' +
  'for example "0 3 * * *".';

/** Nothing is wrong with the expression itself, so that its fields need no words. */
export class TimezoneProblem extends Error {}

/** A periodic job's expression is wrong, names a time zone that does not exist, or never fires. */
export class InvalidCronError extends WorkError {
  readonly code = 'WORK_INVALID_CRON';
  /** As given, cut after 128 characters. */
  readonly expression: string;
  readonly reason: string;

  /** @param problem what its readers threw: its text is the reason, which a cause would only repeat */
  constructor(
    expression: unknown,
    readonly jobName: string,
    problem: unknown,
  ) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    const advice = problem instanceof TimezoneProblem ? 'Name one as IANA does, for example "Europe/Berlin".' : FIELDS;
    super(`Cron expression ${quoted(expression)} of job ${quoted(jobName)} is not usable: ${reason}. ${advice}`);
    this.expression = shorten(expression);
    this.reason = reason;
  }
}

function shorten(expression: unknown): string {
  const text = typeof expression === 'string' ? expression : String(expression);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
