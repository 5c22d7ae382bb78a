import { doesNotExist } from '#protocol';
import { isWhole, type NumberOption } from '#engine';
import { InvalidOptionError, mustBe } from '../errors/index.js';

/** What one option may be, and what it is where it is not given. */
export interface OptionRule {
  /** A clause that follows "must be". */
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  readonly fallback?: unknown;
  /** Stays undefined where it is not given. Without this and without a fallback it must be given. */
  readonly optional?: boolean;
}

export function wholeNumber({ fallback, least, most }: NumberOption): OptionRule {
  const accepts = (value: unknown) => isWhole(value, least, most);
  const show = (value: number) => value.toLocaleString('en-US');
  return { allowed: `a whole number from ${show(least)} to ${show(most)}`, accepts, fallback };
}

export function trueOrFalse(fallback: boolean): OptionRule {
  return { allowed: 'true or false', accepts: (value) => typeof value === 'boolean', fallback };
}

export function oneOf(values: readonly string[], fallback?: string): OptionRule {
  const allowed = values.map((value) => JSON.stringify(value)).join(' or ');
  return { allowed, accepts: (value) => values.includes(value as string), fallback };
}

/** @throws InvalidOptionError for a value that its rule refuses, and for an option that no rule knows (a typing error). */
export function resolveEach(rules: Readonly<Record<string, OptionRule>>, given: Readonly<Record<string, unknown>>) {
  const unknown = Object.keys(given).find((option) => !Object.hasOwn(rules, option));
  if (unknown !== undefined)
    throw new InvalidOptionError(unknown, given[unknown], doesNotExist(unknown, Object.keys(rules)));
  return Object.fromEntries(
    Object.entries(rules).map(([option, rule]) => [option, resolve(option, rule, given[option])]),
  );
}

function resolve(option: string, rule: OptionRule, value: unknown): unknown {
  if (value === undefined && (rule.optional || rule.fallback !== undefined)) return rule.fallback;
  if (!rule.accepts(value)) throw new InvalidOptionError(option, value, mustBe(value, rule.allowed));
  return value;
}
