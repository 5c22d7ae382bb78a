import type { Type } from '@nestjs/common';
import { InvalidArgumentsError, parseWithBigIntegers } from '#protocol';
import type { ValidationOptions } from '../options/validation-options.js';
import { acceptPlan, type AcceptPlan } from './accept-plan.js';
import { bigIntShape, withBigIntegers, type BigIntShape } from './bigint-properties.js';
import { fullValidation, type FullValidation } from './full-validation.js';
import { pollutingPath } from './prototype-keys.js';
import type { ValidationLibrary } from './validation-library.js';

/** A job's arguments as they stand on the wire. */
export interface WireArguments {
  /** Parsed. Never changed. */
  readonly args: unknown;
  /** Their JSON. */
  readonly argsBytes: string | Buffer;
}

/**
 * Turns a job's arguments into what its handler gets: the validated instance of its class, or, where the handler has none,
 * the arguments as they came. The result is a promise only where it must be.
 */
export class ArgumentsValidator {
  readonly #plan: AcceptPlan | undefined;
  readonly #full: FullValidation | undefined;
  readonly #bigIntegers: BigIntShape | undefined;

  constructor(
    readonly jobName: string,
    type: Type<object> | undefined,
    library: ValidationLibrary | undefined,
    options: ValidationOptions | false,
  ) {
    if (!type || !library || options === false) return;
    const { transform = true } = options;
    this.#plan = acceptPlan(type, library, { ...options, transform });
    this.#full = fullValidation(jobName, type, library, { ...options, transform });
    this.#bigIntegers = bigIntShape(type, library);
  }

  /** Whether it does more than look for keys that reach prototypes, which no enqueue lets through. */
  get hasRules(): boolean {
    return this.#full !== undefined;
  }

  /** @throws InvalidArgumentsError naming every bad field, also as a rejection */
  validate(wire: WireArguments): unknown {
    const polluting = pollutingPath(wire.args);
    if (polluting !== undefined) throw new InvalidArgumentsError(this.jobName, [{ path: polluting, reason: POLLUTES }]);
    if (!this.#full) return wire.args;
    const plain = this.#plain(wire);
    return this.#plan?.(plain) ?? this.#full(plain);
  }

  /** No arguments at all are validated as empty ones, as ValidationPipe does. */
  #plain({ args, argsBytes }: WireArguments): Record<string, unknown> {
    const read = this.#bigIntegers ? withBigIntegers(parseWithBigIntegers(argsBytes), this.#bigIntegers) : args;
    return (read ?? {}) as Record<string, unknown>;
  }
}

const POLLUTES = 'has a name that reaches the prototype of objects into which it is merged; rename it';
