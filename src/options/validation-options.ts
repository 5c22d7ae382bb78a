import type { ClassTransformOptions } from 'class-transformer';
import type { ValidatorOptions } from 'class-validator';

/**
 * ValidationPipe's options, with `transform: true` by default, so that handlers get instances of their class. What only
 * makes sense over HTTP (`exceptionFactory`, `errorHttpStatusCode`) is not taken.
 */
export interface ValidationOptions extends ValidatorOptions {
  /**
   * Whether the handler gets an instance of its class, or the plain object.
   *
   * @default true
   */
  readonly transform?: boolean;
  /** For class-transformer's `plainToInstance`. */
  readonly transformOptions?: ClassTransformOptions;
}

export interface ResolvedValidationOptions extends ValidationOptions {
  readonly transform: boolean;
}

type EveryKey<T> = { readonly [K in keyof Required<T>]: true };

const OF_VALIDATOR: EveryKey<ValidatorOptions> = {
  enableDebugMessages: true,
  skipUndefinedProperties: true,
  skipNullProperties: true,
  skipMissingProperties: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  groups: true,
  always: true,
  strictGroups: true,
  dismissDefaultMessages: true,
  validationError: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};

const OF_TRANSFORMER: EveryKey<ClassTransformOptions> = {
  strategy: true,
  groups: true,
  version: true,
  excludePrefixes: true,
  ignoreDecorators: true,
  targetMaps: true,
  enableCircularCheck: true,
  enableImplicitConversion: true,
  excludeExtraneousValues: true,
  exposeDefaultValues: true,
  exposeUnsetFields: true,
};

/** Names of all that `validation` may hold. */
export const VALIDATION_OPTIONS: readonly string[] = [...Object.keys(OF_VALIDATOR), 'transform', 'transformOptions'];
export const TRANSFORM_OPTIONS: readonly string[] = Object.keys(OF_TRANSFORMER);
