import { isErrorReply, readyOrLater, type WorkRedis } from '#store';
import type { Report, RoleName } from '../../events.js';
import { JobNotStartedError } from './job-not-started-error.js';
import { ToldOnce } from '../../background/index.js';

export interface UntilAnsweredOptions {
  readonly redis: WorkRedis;
  /** Who asks, for the report. */
  readonly role: RoleName;
  readonly report: Report;
  /** Between two tries, by default so many milliseconds or until the connection is ready. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Whether giving up after an unknown reply is harmless, as it is for a step that only reads. */
type GiveUp = 'when it was not applied' | 'whenever asked';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Repeats steps before a job's start, of which a second application changes nothing, until Redis has answered: a lost
 * reply must not leave anybody guessing. Redis' own error replies (LOADING, NOPERM) are retried as well.
 */
export class UntilAnswered {
  readonly #pause: (ms: number) => Promise<unknown>;
  readonly #trouble: ToldOnce;

  constructor(private readonly options: UntilAnsweredOptions) {
    this.#pause = options.pause ?? ((ms) => readyOrLater(options.redis, ms));
    this.#trouble = new ToldOnce(options.role, options.report);
  }

  /**
   * @throws JobNotStartedError where `signal` has aborted and giving up leaves nothing unknown, or where the connection
   * was closed for good
   */
  async run<T>(step: () => Promise<T>, signal: AbortSignal, giveUp: GiveUp): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const answer = await step();
        this.#trouble.succeeded();
        return answer;
      } catch (error) {
        this.#trouble.failed(error);
        this.#giveUpWhereAsked(error, signal, giveUp);
        await this.#pause(pauseMs);
      }
    }
  }

  #giveUpWhereAsked(error: unknown, signal: AbortSignal, giveUp: GiveUp): void {
    const isHarmless = giveUp === 'whenever asked' || isErrorReply(error);
    const isAsked = signal.aborted && isHarmless;
    if (isAsked || this.options.redis.status === 'end')
      throw new JobNotStartedError('Redis did not answer in time', { cause: error });
  }
}
