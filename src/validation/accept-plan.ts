import type { Type } from '@nestjs/common';
import type { ResolvedValidationOptions } from '../options/validation-options.js';
import { planRules, type PropertyRules } from './plan-rules.js';
import { hasOnlyOwnNames } from './prototype-keys.js';
import type { ValidationLibrary } from './validation-library.js';

/** The validated instance, or undefined: then only the full way knows. A plan accepts, and never refuses. */
export type AcceptPlan = (plain: Record<string, unknown>) => object | undefined;

/** Options under which class-validator accepts what it accepts without them. */
const HARMLESS: readonly string[] = [
  'transform',
  'whitelist',
  'forbidNonWhitelisted',
  'forbidUnknownValues',
  'stopAtFirstError',
  'dismissDefaultMessages',
  'validationError',
  'enableDebugMessages',
];

/**
 * A short way to accept the arguments of a class whose decorators are all class-validator's own and plain: it calls their
 * constraints directly, without the errors that are made only to be thrown away. Undefined for every other class.
 */
export function acceptPlan(
  type: Type<object>,
  library: ValidationLibrary,
  options: ResolvedValidationOptions,
): AcceptPlan | undefined {
  const { whitelist = false, forbidNonWhitelisted = false, transform } = options;
  const isUsual = Object.entries(options).every(([name, value]) => value === undefined || HARMLESS.includes(name));
  if (!transform || !isUsual || library.transforms?.hasAny(type) !== false) return undefined;
  const rules = planRules(type, library);
  if (!rules || (options.forbidUnknownValues && rules.length === 0)) return undefined;
  const known = new Set(rules.map((rule) => rule.property));
  if (whitelist && !Object.keys(new type()).every((property) => known.has(property))) return undefined;
  const skips = (property: string) => whitelist && !known.has(property);
  const assign = (instance: Record<string, unknown>, plain: Record<string, unknown>) =>
    assignAll(type.prototype as object, instance, plain, skips, forbidNonWhitelisted);
  return (plain) => {
    const instance = new type() as Record<string, unknown>;
    return assign(instance, plain) && rules.every((rule) => accepts(rule, instance, type.name)) ? instance : undefined;
  };
}

/** False for whatever class-transformer would treat in its own way. */
function assignAll(
  prototype: object,
  instance: Record<string, unknown>,
  plain: Record<string, unknown>,
  skips: (property: string) => boolean,
  refuseSkipped: boolean,
): boolean {
  for (const property of Object.keys(plain)) {
    if (property in prototype || typeof instance[property] === 'function') return false;
    const value = plain[property];
    if (!hasOnlyOwnNames(value)) return false;
    if (!skips(property)) instance[property] = value;
    else if (refuseSkipped) return false;
  }
  return true;
}

function accepts(rule: PropertyRules, object: object, targetName: string): boolean {
  const { property, isOptional, constraints } = rule;
  const value = (object as Record<string, unknown>)[property];
  if (isOptional && (value === null || value === undefined)) return true;
  for (const { validate, constraints: values, each } of constraints) {
    const args = { targetName, property, object, value, constraints: values };
    if (each && (value instanceof Set || value instanceof Map)) return false;
    const isAccepted =
      each && Array.isArray(value) ? value.every((item) => validate(item, args)) : validate(value, args);
    if (isAccepted !== true) return false;
  }
  return true;
}
