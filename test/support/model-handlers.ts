import type { Settlement } from '#store';
import type { HeldJob } from '../../libs/engine/fetcher/state/held-job.js';
import { JobNotStartedError } from '../../libs/engine/run/before-start/job-not-started-error.js';
import { jobOf, type ModelRedis } from './model-redis.js';

/** What may become of a job that ends. */
const ENDINGS: readonly ((job: HeldJob) => Settlement)[] = [
  () => ({ kind: 'succeeded' }),
  ({ bytes }) => ({ kind: 'retry', score: 1, bytes, attempt: { jobId: jobOf(bytes), line: '{}' } }),
  ({ bytes }) => ({ kind: 'dead', score: 1, bytes }),
  () => ({ kind: 'back' }),
  ({ bytes }) => ({ kind: 'quarantined', entry: bytes }),
];

/** The handlers of a pool: they run, claim, step aside and end when the test says so. */
export class ModelHandlers {
  /** How each job has ended, every time. */
  readonly ended = new Map<string, string[]>();
  readonly #running = new Set<HeldJob>();
  #claims: (() => void)[] = [];
  #asides: (() => void)[] = [];

  constructor(
    private readonly redis: ModelRedis,
    private readonly onEnded: (job: HeldJob, settlement: Settlement) => void,
  ) {}

  get claiming(): number {
    return this.#claims.length;
  }

  get aside(): number {
    return this.#asides.length;
  }

  start(job: HeldJob): void {
    this.#running.add(job);
  }

  endOne(choice: number): void {
    const job = this.#pick(choice);
    if (job) this.#end(job, ENDINGS[choice % ENDINGS.length]!(job));
  }

  endAll(): void {
    for (const end of this.#claims.splice(0)) end();
    for (const comeBack of this.#asides.splice(0)) comeBack();
    for (const job of this.#running) this.#end(job, { kind: 'succeeded' });
  }

  /** They go on, and nobody waits for them. */
  abandon(): void {
    this.#running.clear();
  }

  beginClaim(choice: number): void {
    const job = this.#pick(choice);
    if (!job || String(job.bytes).includes('+')) return;
    this.#running.delete(job);
    const replace = () =>
      new Promise<Buffer>((resolve, reject) => this.#claims.push(() => this.#swap(job, resolve, reject)));
    void job.claim(replace).then(
      () => this.#running.add(job),
      () => this.#end(job, { kind: 'back' }),
    );
  }

  endClaim(): void {
    this.#claims.shift()?.();
  }

  stepAside(choice: number): void {
    const job = this.#pick(choice);
    if (!job) return;
    this.#running.delete(job);
    const wait = () => new Promise<void>((resolve) => this.#asides.push(resolve));
    void job.aside(wait).then(() => this.#running.add(job));
  }

  comeBack(): void {
    this.#asides.shift()?.();
  }

  #pick(choice: number): HeldJob | undefined {
    return [...this.#running][choice % Math.max(1, this.#running.size)];
  }

  #end(job: HeldJob, settlement: Settlement): void {
    this.#running.delete(job);
    const name = jobOf(job.bytes);
    this.ended.set(name, [...(this.ended.get(name) ?? []), settlement.kind]);
    this.onEnded(job, settlement);
  }

  #swap(job: HeldJob, resolve: (bytes: Buffer) => void, reject: (error: Error) => void): void {
    const list = this.redis.inProgress(job.poolId, job.queueName);
    const place = list.indexOf(String(job.bytes));
    if (place < 0) return reject(new JobNotStartedError('its pool lost it'));
    list[place] += '+';
    resolve(Buffer.from(`${String(job.bytes)}+`));
  }
}
