import { isErrorReply, readInProgress, settleAndFetch, type KeyError } from '#store';
import { ToldOnce } from '../background/index.js';
import type { FetchState } from './state/fetch-state.js';
import type { FetcherOptions } from './fetcher-options.js';
import { KeyWarnings } from './key-warnings.js';
import { LimitNews } from './limit-news.js';
import type { FetchStep } from './state/next-step.js';
import { untilLost } from './until-lost.js';

type Step = Exclude<FetchStep, { kind: 'wait' }>;

/** Does one step on Redis, and tells the state how it went. */
export class StepRunner {
  readonly #trouble: ToldOnce;
  readonly #keyWarnings: KeyWarnings;
  readonly #limitNews: LimitNews;

  constructor(
    private readonly options: FetcherOptions,
    private readonly state: FetchState,
  ) {
    this.#trouble = new ToldOnce('Fetcher', options.report);
    this.#keyWarnings = new KeyWarnings(options.report, options.clock);
    this.#limitNews = new LimitNews(options.report);
  }

  /** Never rejects. */
  async run(step: Step): Promise<void> {
    try {
      const errors = await this.#send(step);
      this.#trouble.succeeded();
      this.#keyWarnings.found(errors);
    } catch (error) {
      this.#trouble.failed(error);
      this.#failed(error);
    }
  }

  async #send(step: Step): Promise<readonly KeyError[]> {
    const { redis, keyspace, clock } = this.options;
    if (step.kind === 'renew') return await this.#renew();
    if (step.kind === 'read') {
      const reply = await untilLost(redis, readInProgress(redis, keyspace, step));
      this.state.readReplied(step, reply, clock.monotonicMs());
      return reply.errors;
    }
    const reply = await untilLost(redis, settleAndFetch(redis, keyspace, step.call));
    this.state.replied(step.call, reply, clock.monotonicMs());
    if (reply.kind === 'repeat') return [];
    this.#limitNews.found(reply.foreignLimits);
    return reply.errors;
  }

  async #renew(): Promise<[]> {
    const { membership, clock } = this.options;
    const { poolId } = this.state;
    const sentAtMs = clock.monotonicMs();
    // Somebody else may have been quicker.
    if (membership.poolId === poolId) await membership.renew();
    if (membership.poolId === poolId) throw new Error('The pool has left; it takes no new id.');
    this.state.renewed(membership.poolId, sentAtMs);
    return [];
  }

  #failed(error: unknown): void {
    const nowMs = this.options.clock.monotonicMs();
    if (isErrorReply(error)) this.state.refused(nowMs, error.message.includes('WRONGTYPE'));
    else this.state.unanswered(nowMs);
  }
}
