import type { Type } from '@nestjs/common';
import { InvalidArgumentsError, type ArgumentProblem } from '#protocol';
import type { ResolvedValidationOptions } from '../options/validation-options.js';
import { fieldProblems } from './field-problems.js';
import type { ValidationLibrary } from './validation-library.js';

export type FullValidation = (plain: Record<string, unknown>) => Promise<object>;

/**
 * class-transformer's `plainToInstance`, then class-validator's awaited `validate`: its synchronous form lets every
 * asynchronous constraint pass.
 */
export function fullValidation(
  jobName: string,
  type: Type<object>,
  { validator, transformer }: ValidationLibrary,
  options: ResolvedValidationOptions,
): FullValidation {
  const { transform, transformOptions, ...given } = options;
  const validatorOptions = { forbidUnknownValues: false, ...given };
  // As in ValidationPipe: an option that may strip properties makes the plain result a new object.
  const mayStrip = Object.keys(validatorOptions).length > 1;
  const transformed = (make: () => object) => {
    try {
      return make();
    } catch (error) {
      throw new InvalidArgumentsError(jobName, [untransformable(type, error)], { cause: error });
    }
  };
  return async (plain) => {
    const instance = transformed(() => transformer.plainToInstance(type, plain, transformOptions));
    const errors = await validator.validate(instance, validatorOptions);
    if (errors.length > 0) throw new InvalidArgumentsError(jobName, fieldProblems(errors));
    if (transform) return instance;
    return mayStrip ? transformer.instanceToPlain(instance, transformOptions) : plain;
  };
}

/** A transformation sees nothing but the arguments: what it throws once it throws at each attempt. */
function untransformable({ name }: Type, error: unknown): ArgumentProblem {
  const text = error instanceof Error ? error.message : String(error);
  return { path: 'args', reason: `cannot be made into ${name}: ${text}` };
}
