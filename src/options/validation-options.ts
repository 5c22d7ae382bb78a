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
