import type { Type } from '@nestjs/common';
import { InvalidArgumentsError } from '#protocol';
import type { ValidationOptions } from '../../src/options/validation-options.js';
import { ArgumentsValidator, loadValidationLibrary } from '../../src/validation/index.js';

/** What a handler gets for arguments that stand in JSON so. @param given what they were made of, where they are enqueued */
export async function validate(
  type: Type<object> | undefined,
  json: string,
  options: ValidationOptions | false = {},
  given?: object,
): Promise<unknown> {
  const validator = new ArgumentsValidator('job', type, await loadValidationLibrary(), options);
  return await validator.validate({ args: JSON.parse(json) as unknown, argsBytes: json, given });
}

/** What is wrong with them: path and reason of each bad field. */
export async function problems(
  type: Type<object> | undefined,
  json: string,
  options: ValidationOptions = {},
  given?: object,
): Promise<string[]> {
  const error: unknown = await validate(type, json, options, given).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidArgumentsError);
  return (error as InvalidArgumentsError).problems.map(({ path, reason }) => `${path} ${reason}`);
}
