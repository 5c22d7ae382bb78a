type Step = string | number;

/** Travels up from the value that cannot be encoded and gathers the way to it. Never leaves this layer. */
export class EncodingProblem extends Error {
  #steps: Step[] = [];
  #cycle: Step[] | undefined;
  #message: string;

  /** @param tooDeepAt the container below which nothing was encoded, where that was the reason */
  constructor(
    message: string,
    private readonly tooDeepAt?: object,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.#message = message;
  }

  static tooDeep(container: object, maxDepth: number): EncodingProblem {
    return new EncodingProblem(
      `is nested more than ${maxDepth} levels deep; flatten it, or store it elsewhere and give its id`,
      container,
    );
  }

  static tooLong(): EncodingProblem {
    return new EncodingProblem('is too large');
  }

  /** `error`, which came out of `container[step]`, with that step added to its way. */
  static inside(container: object, step: Step, error: unknown): EncodingProblem {
    const problem = error instanceof EncodingProblem ? error : EncodingProblem.unreadable(error);
    problem.#prepend(container, step);
    return problem;
  }

  static unreadable(cause: unknown): EncodingProblem {
    return new EncodingProblem('threw while it was read', undefined, cause);
  }

  get reason(): string {
    return this.#cycle ? 'refers back to an object that contains it; give its id instead' : this.#message;
  }

  /** The way, for example `args.items[3].price` with root `args`. */
  pathFrom(root: string): string {
    return this.#steps.reduce<string>((path, step) => path + shown(step), root);
  }

  /** A container met again above the place that was too deep: a circle. The way is cut to its first round. */
  #prepend(container: object, step: Step): void {
    this.#steps.unshift(step);
    if (container !== this.tooDeepAt) return;
    this.#cycle ??= this.#steps;
    this.#steps = [...this.#cycle];
  }
}

function shown(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  const name = step.length > 64 ? `${step.slice(0, 64)}…` : step;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
