import { inspect } from 'node:util';
import { WorkError } from '#protocol';

/** An option of `WorkModule.forRoot` or `forRootAsync` is missing, unknown, or outside of what it may be. */
export class InvalidOptionError extends WorkError {
  readonly code = 'WORK_INVALID_OPTION';

  /** @param problem the rest of a sentence that begins with the option, for example that of `mustBe` */
  constructor(
    readonly option: string,
    readonly value: unknown,
    problem: string,
    subject = `option "${option}"`,
  ) {
    super(['WorkModule', subject, problem].filter(Boolean).join(' '));
  }

  static ofUnconfigured(): InvalidOptionError {
    const problem =
      'has no options, since it is imported as it is. Import WorkModule.forRoot({ namespace }) in the root module.';
    return new InvalidOptionError('(all)', undefined, problem, '');
  }

  /** There are no options at all: a factory that forgot to return them, most likely. */
  static ofAll(given: unknown): InvalidOptionError {
    const problem = `are ${shown(given)}, and must be an object with at least a namespace. Does the factory return it?`;
    return new InvalidOptionError('(all)', given, problem, 'options');
  }
}

/** @param allowed what the option may be, for example `a number` */
export function mustBe(value: unknown, allowed: string): string {
  return `is ${value === undefined ? 'not given' : shown(value)}, and must be ${allowed}.`;
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, breakLength: Infinity });
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
