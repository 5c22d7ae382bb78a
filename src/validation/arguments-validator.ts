import type { Type } from '@nestjs/common';
import { InvalidArgumentsError, mayHoldBigIntegers, parseWithBigIntegers, type ArgumentProblem } from '#protocol';
import type { ValidationOptions } from '../options/validation-options.js';
import { acceptPlan, type AcceptPlan } from './accept-plan.js';
import { ArgumentReader } from './argument-reader.js';
import { ArgumentShapes, type ArgumentShape } from './argument-shape.js';
import { fullValidation, type FullValidation } from './full-validation.js';
import { pollutingPath } from './prototype-keys.js';
import type { ValidationLibrary } from './validation-library.js';

/** A job's arguments as they stand on the wire. */
export interface WireArguments {
  /** Parsed. Never changed. */
  readonly args: unknown;
  /** Their JSON. */
  readonly argsBytes: string | Buffer;
  /** What it was made of, where they are enqueued just now. */
  readonly given?: unknown;
}

type Plain = Record<string, unknown>;

/** What the validation looks at, and what was wrong before it. */
interface ReadArguments {
  readonly plain: Plain;
  readonly problems: readonly ArgumentProblem[];
}

/** What a class says of its arguments besides its rules. */
interface Declared {
  readonly shape: ArgumentShape;
  /** Small integers must become bigint, too. */
  readonly hasBigInts: boolean;
  readonly hasLists: boolean;
  readonly strips: boolean;
}

/**
 * Turns a job's arguments into what its handler gets: the validated instance of its class, or, where the handler has none,
 * the arguments as they came. The result is a promise only where it must be.
 */
export class ArgumentsValidator {
  readonly #plan: AcceptPlan | undefined;
  readonly #full: FullValidation | undefined;
  readonly #declared: Declared | undefined;
  #onRounded: ((path: string) => void) | undefined;

  /** @param onRounded told once, of arguments without a class: where an integer is that the handler gets rounded */
  constructor(
    readonly jobName: string,
    type: Type<object> | undefined,
    library: ValidationLibrary | undefined,
    options: ValidationOptions | false,
    onRounded?: (path: string) => void,
  ) {
    this.#onRounded = onRounded;
    if (!type || !library || options === false) return;
    const { transform = true, whitelist: strips = false } = options;
    this.#plan = acceptPlan(type, library, { ...options, transform });
    this.#full = fullValidation(jobName, type, library, { ...options, transform });
    const shapes = new ArgumentShapes(library);
    const shape = shapes.of(type);
    this.#declared = { shape, hasBigInts: shapes.haveBigInts, hasLists: shapes.haveLists, strips };
  }

  /** Whether it does more than look for keys that reach prototypes, which no enqueue lets through. */
  get hasRules(): boolean {
    return this.#full !== undefined;
  }

  /** Whether its class has no decorators, so that everything passes. */
  get isEmpty(): boolean {
    return this.#declared?.shape.known.size === 0;
  }

  /** @throws InvalidArgumentsError naming every bad field, also as a rejection */
  validate(wire: WireArguments): unknown {
    const polluting = pollutingPath(wire.args);
    if (polluting !== undefined) throw new InvalidArgumentsError(this.jobName, [{ path: polluting, reason: POLLUTES }]);
    if (!this.#full) {
      this.#tellRounded(wire);
      return wire.args;
    }
    const read = this.#read(wire);
    const accepted = read.problems.length === 0 ? this.#plan?.(read.plain) : undefined;
    if (accepted) return accepted;
    return this.#mayLackLists(wire) ? this.#checkOrWithLists(wire, read) : this.#check(read);
  }

  /** Whether `{}` may be what gocraft/work made of an empty list: whoever enqueues can say what it is. */
  #mayLackLists({ argsBytes, given }: WireArguments): boolean {
    return this.#declared!.hasLists && given === undefined && argsBytes.includes('{}');
  }

  /** An empty object that is refused may be right as an empty list. Tried as long as more are named: a refusal names 100. */
  async #checkOrWithLists(wire: WireArguments, read: ReadArguments): Promise<object> {
    const refused = new Set<string>();
    let refusal: unknown;
    for (let tried = read; ; tried = this.#read(wire, [...refused])) {
      try {
        return await this.#check(tried);
      } catch (error) {
        const before = refused.size;
        for (const { path } of problemsOf(error)) refused.add(path);
        refusal ??= error;
        if (refused.size === before) throw refusal;
      }
    }
  }

  #check({ plain, problems }: ReadArguments): Promise<object> {
    return problems.length > 0 ? this.#refuse(plain, problems) : this.#full!(plain);
  }

  /** No arguments at all are validated as empty ones, as ValidationPipe does. */
  #read({ args, argsBytes, given }: WireArguments, refused?: readonly string[]): ReadArguments {
    const { shape, hasBigInts, strips } = this.#declared!;
    const mayBeBig = mayHoldBigIntegers(argsBytes);
    if (!hasBigInts && !mayBeBig && !refused) return { plain: (args ?? {}) as Plain, problems: [] };
    const reader = new ArgumentReader({ strips, ...(refused && { refused }) });
    const plain = reader.read(mayBeBig ? parseWithBigIntegers(argsBytes) : args, shape, { path: 'args', given });
    return { plain: (plain ?? {}) as Plain, problems: reader.problems.slice(0, MAX_NAMED) };
  }

  /** Names every other bad field as well. */
  async #refuse(plain: Plain, problems: readonly ArgumentProblem[]): Promise<never> {
    const others = await this.#full!(plain).then(() => [], problemsOf);
    const named = new Set(problems.map(({ path }) => path));
    throw new InvalidArgumentsError(this.jobName, [...problems, ...others.filter(({ path }) => !named.has(path))]);
  }

  #tellRounded({ argsBytes }: WireArguments): void {
    if (!this.#onRounded || !mayHoldBigIntegers(argsBytes)) return;
    const reader = new ArgumentReader();
    reader.read(parseWithBigIntegers(argsBytes), undefined, { path: 'args' });
    const [first] = reader.problems;
    if (!first) return;
    this.#onRounded(first.path);
    this.#onRounded = undefined;
  }
}

const MAX_NAMED = 100;
const POLLUTES = 'has a name that reaches the prototype of objects into which it is merged; rename it';

function problemsOf(error: unknown): readonly ArgumentProblem[] {
  if (error instanceof InvalidArgumentsError) return error.problems;
  throw error;
}
