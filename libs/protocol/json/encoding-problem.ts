type Step = string | number;

interface Passed {
  readonly container: object;
  readonly step: Step;
}

/** Travels up from a value that cannot be encoded and gathers the way to it. Never leaves this layer. */
export class EncodingProblem extends Error {
  readonly #inwards: Passed[] = [];

  /** @param reason a clause that follows the path */
  constructor(
    private readonly ownReason: string,
    options?: ErrorOptions,
    /** The container that was one too many, where nesting is the reason. */
    private readonly tooDeepAt?: object,
    private readonly concernsAll = false,
  ) {
    super(ownReason, options);
  }

  static tooDeep(container: object, maxDepth: number): EncodingProblem {
    const reason = `is nested more than ${maxDepth} levels deep; flatten it, or store it elsewhere and give its id`;
    return new EncodingProblem(reason, undefined, container);
  }

  static tooLarge(maxBytes: number): EncodingProblem {
    const reason = `is larger than ${maxBytes} bytes of JSON; store it elsewhere and give its id`;
    return new EncodingProblem(reason, undefined, undefined, true);
  }

  /** A getter, a toJSON or a proxy may throw anything. */
  static of(error: unknown): EncodingProblem {
    if (error instanceof EncodingProblem) return error;
    return new EncodingProblem('threw while it was read; see the cause', { cause: error });
  }

  /** What came out of `container[step]`, with that step added to its way. */
  static inside(container: object, step: Step, error: unknown): EncodingProblem {
    const problem = EncodingProblem.of(error);
    if (!problem.concernsAll) problem.#inwards.unshift({ container, step });
    return problem;
  }

  get reason(): string {
    return this.#backAt() === undefined
      ? this.ownReason
      : 'refers back to an object that contains it; give its id instead';
  }

  /** The way from `root`, for example `args.items[3].price`; in a circle it ends where the first round does. */
  pathFrom(root: string): string {
    return (
      root +
      this.#inwards
        .slice(0, this.#backAt())
        .map(({ step }) => shown(step))
        .join('')
    );
  }

  /** In a circle, how many steps lead to the first container that was passed before. */
  #backAt(): number | undefined {
    if (!this.tooDeepAt) return undefined;
    const passed = new Set<object>();
    const containers = [...this.#inwards.map(({ container }) => container), this.tooDeepAt];
    const at = containers.findIndex((container) => passed.size === passed.add(container).size);
    return at < 0 ? undefined : at;
  }
}

const LONGEST_SHOWN_KEY = 64;

function shown(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = step.length > LONGEST_SHOWN_KEY ? `${step.slice(0, LONGEST_SHOWN_KEY)}…` : step;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
