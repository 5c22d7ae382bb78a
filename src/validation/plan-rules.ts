import type { Type } from '@nestjs/common';
import type { ValidationArguments, ValidationTypes } from 'class-validator';
import type { ValidationLibrary } from './validation-library.js';

interface PlannedConstraint {
  /** True, and nothing else, means accepted. */
  readonly validate: (value: unknown, args: ValidationArguments) => boolean;
  readonly constraints: unknown[];
  readonly each: boolean;
}

/** What one property must satisfy. */
export interface PropertyRules {
  readonly property: string;
  readonly isOptional: boolean;
  readonly constraints: readonly PlannedConstraint[];
}

type ValidatorModule = ValidationLibrary['validator'];
type Storage = ReturnType<ValidatorModule['getMetadataStorage']>;
type Metadata = ReturnType<Storage['getTargetValidationMetadatas']>[number];

/** Rules of every decorated property; undefined where one of them is not of the simple kind. */
export function planRules(type: Type, { validator }: ValidationLibrary): PropertyRules[] | undefined {
  const storage = validator.getMetadataStorage();
  const names = builtInNames(validator);
  const grouped = new Map<string, Metadata[]>();
  for (const each of storage.getTargetValidationMetadatas(type, '', false, false)) {
    grouped.set(each.propertyName, [...(grouped.get(each.propertyName) ?? []), each]);
  }
  const rules = [...grouped].map(([property, all]) =>
    rulesOf(property, all, storage, names, validator.ValidationTypes),
  );
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function rulesOf(
  property: string,
  all: readonly Metadata[],
  storage: Storage,
  names: ReadonlySet<string>,
  types: typeof ValidationTypes,
): PropertyRules | undefined {
  let isOptional = false;
  const constraints: PlannedConstraint[] = [];
  for (const each of all) {
    if (each.groups?.length || each.always !== undefined || each.validateIf) return undefined;
    if (each.type === types.WHITELIST) continue;
    if (each.type === types.CONDITIONAL_VALIDATION && each.name === 'isOptional') isOptional = true;
    else if (each.type === types.CUSTOM_VALIDATION || each.type === types.IS_DEFINED) {
      const constraint = names.has(each.name ?? '') ? constraintOf(each, storage) : undefined;
      if (!constraint) return undefined;
      constraints.push(constraint);
    } else return undefined;
  }
  return { property, isOptional, constraints };
}

/** Taken once: each read of `instance` searches class-validator's container from its beginning. */
function constraintOf(metadata: Metadata, storage: Storage): PlannedConstraint | undefined {
  const [found, ...more] = storage.getTargetValidatorConstraints(metadata.constraintCls);
  if (!found || more.length > 0 || found.async) return undefined;
  const { instance } = found;
  const validate = (value: unknown, args: ValidationArguments) => instance.validate(value, args) === true;
  return { validate, constraints: metadata.constraints, each: metadata.each };
}

/** class-validator exports the name of each of its decorators as a constant: `IS_EMAIL = 'isEmail'`. */
function builtInNames(validator: ValidatorModule): ReadonlySet<string> {
  const constants = Object.entries(validator).filter(([name]) => /^[A-Z][A-Z0-9_]+$/.test(name));
  return new Set(constants.map(([, value]) => value as unknown).filter((value) => typeof value === 'string'));
}
