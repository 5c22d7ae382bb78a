import type { ValidationError } from 'class-validator';
import type { ArgumentProblem } from '#protocol';

/** More than this many bad fields are counted, not named: a large list of wrong items would drown the message. */
const MAX_NAMED_PROBLEMS = 100;

/** Every bad field that class-validator found, by its way from the arguments. */
export function fieldProblems(errors: readonly ValidationError[]): ArgumentProblem[] {
  const all = [...problemsBelow(errors, 'args')];
  if (all.length <= MAX_NAMED_PROBLEMS) return all;
  const left = all.length - MAX_NAMED_PROBLEMS;
  return [...all.slice(0, MAX_NAMED_PROBLEMS), { path: 'args', reason: `has ${left} more bad fields` }];
}

function* problemsBelow(errors: readonly ValidationError[], parent: string): Generator<ArgumentProblem> {
  for (const error of errors) {
    const path = error.property === undefined ? parent : childPath(parent, error.property);
    const reasons = Object.entries(error.constraints ?? {}).map(([name, text]) => reasonOf(name, text, error));
    if (reasons.length > 0) yield { path, reason: reasons.join(' and ') };
    yield* problemsBelow(error.children ?? [], path);
  }
}

function childPath(parent: string, property: string): string {
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

/** class-validator's own texts begin with the property, which stands before the reason already. */
function reasonOf(constraint: string, text: string, { property, value }: ValidationError): string {
  if (constraint === 'whitelistValidation') return 'should not exist';
  const reason = text.startsWith(`${property} `) ? text.slice(property.length + 1) : `is refused: ${text}`;
  const isDateAsText = constraint === 'isDate' && typeof value === 'string';
  return isDateAsText ? `${reason} (JSON made it text: put @Type(() => Date) on the property as well)` : reason;
}
