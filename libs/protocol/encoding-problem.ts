type Step = string | number;

/** Travels up from a value that cannot be encoded and gathers the way to it. Never leaves this layer. */
export class EncodingProblem extends Error {
  #way: Step[] = [];
  #round: Step[] | undefined;

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
    const reason = `is larger than ${maxBytes.toLocaleString('en')} bytes of JSON; store it elsewhere and give its id`;
    return new EncodingProblem(reason, undefined, undefined, true);
  }

  /** What came out of `container[step]`, with that step added to its way. */
  static inside(container: object, step: Step, error: unknown): EncodingProblem {
    const isOurs = error instanceof EncodingProblem;
    const problem = isOurs ? error : new EncodingProblem('threw while it was read; see the cause', { cause: error });
    if (!problem.concernsAll) problem.#prepend(container, step);
    return problem;
  }

  get reason(): string {
    return this.#round ? 'refers back to an object that contains it; give its id instead' : this.ownReason;
  }

  /** The way from `root`, for example `args.items[3].price`. */
  pathFrom(root: string): string {
    return root + this.#way.map(shown).join('');
  }

  /** A container met again above the place that was too deep makes a circle; the way then ends with its first round. */
  #prepend(container: object, step: Step): void {
    this.#way.unshift(step);
    if (container !== this.tooDeepAt) return;
    this.#round ??= [...this.#way];
    this.#way = [...this.#round];
  }
}

const LONGEST_SHOWN_KEY = 64;

function shown(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = step.length > LONGEST_SHOWN_KEY ? `${step.slice(0, LONGEST_SHOWN_KEY)}…` : step;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
