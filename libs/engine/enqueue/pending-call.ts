import type { GoJsonOptions } from '#protocol';
import type { JobWrite, WriteAnswer } from '#store';
import { EnqueueRefusedError } from './enqueue-errors.js';
import type { EnqueuedJob, ScheduledJob } from './enqueued-job.js';
import { finishDraft, type FinishedDraft, type JobDraft } from './job-draft.js';

/** Of one job: null where one of the same uniqueness was waiting already. */
export type Enqueued = EnqueuedJob | ScheduledJob | null;

/** Document, key and protocol around the arguments, about. */
const OVERHEAD_BYTES = 160;

/**
 * The jobs of one caller, all of one type, on their way to Redis: they wait, are sent, and are settled; or their caller
 * gives up, in either state. They are never divided between two calls of Redis.
 */
export class PendingCall {
  readonly jobName: string;
  readonly size: number;
  readonly bytes: number;
  readonly settled: Promise<readonly Enqueued[]>;
  #isOpen = true;
  #failure: Error | undefined;
  #finished: readonly FinishedDraft[] | undefined;
  #resolve!: (jobs: readonly Enqueued[]) => void;
  #reject!: (error: unknown) => void;

  constructor(
    private readonly drafts: readonly [JobDraft, ...JobDraft[]],
    /** Monotonic. */
    readonly calledAtMs: number,
    /** Those of the same caller that go before: where they fail, these are not written. */
    private readonly previous?: PendingCall,
  ) {
    this.jobName = drafts[0].name;
    this.size = drafts.length;
    this.bytes = drafts.reduce((sum, { argsJson }) => sum + argsJson.length + OVERHEAD_BYTES, 0);
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why it is no longer to be sent. */
  get obstacle(): Error | undefined {
    return this.previous ? this.previous.#failure : undefined;
  }

  get wasSent(): boolean {
    return this.#finished !== undefined;
  }

  /** The jobs as they are or were sent; none before. */
  get jobs(): readonly EnqueuedJob[] {
    return this.#finished?.map(({ job }) => job) ?? [];
  }

  /** Made once: a repeated call sends the same bytes. */
  send(wallTimeMs: number, options: GoJsonOptions): readonly JobWrite[] {
    this.#finished ??= this.drafts.map((draft) => finishDraft(draft, wallTimeMs, options));
    return this.#finished.map(({ write }) => write);
  }

  /** @param target the server that answered, for messages */
  answer(answers: readonly WriteAnswer[], target: string): void {
    const refused = answers.find((answer) => answer instanceof Error);
    if (refused) return this.fail(new EnqueueRefusedError(this.jobName, refused, target));
    this.#isOpen = false;
    this.#resolve(this.jobs.map((job, index) => (answers[index] === 'duplicate' ? null : job)));
  }

  fail(error: Error): void {
    this.#isOpen = false;
    this.#failure ??= error;
    this.#reject(error);
  }
}
