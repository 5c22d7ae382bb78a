import type { ModulesContainer } from '@nestjs/core';
import { discoverJobs, type DiscoveredJob } from '../discovery/index.js';
import { DuplicateInstanceError, UnknownInstanceError } from '../errors/index.js';

/** Something of an instance that must be quiet before anything that jobs use is closed. */
export interface Stoppable {
  stop(): Promise<void>;
}

const applications = new WeakMap<ModulesContainer, WorkApplication>();

/** What the instances of one Nest application share: their names, the discovered jobs, and one common stop. */
export class WorkApplication {
  readonly #modules: ModulesContainer;
  readonly #names: (string | undefined)[] = [];
  readonly #stoppables = new Set<Stoppable>();
  #jobs: readonly DiscoveredJob[] | undefined;
  #isComplete = false;

  private constructor(modules: ModulesContainer) {
    this.#modules = modules;
  }

  static of(modules: ModulesContainer): WorkApplication {
    const existing = applications.get(modules) ?? new WorkApplication(modules);
    applications.set(modules, existing);
    return existing;
  }

  /** @throws DuplicateInstanceError */
  register(name: string | undefined): void {
    if (this.#names.includes(name)) throw new DuplicateInstanceError(name);
    this.#names.push(name);
  }

  /** Every provider has its instance now, so that what is discovered is all there is. */
  complete(): void {
    this.#isComplete = true;
  }

  /**
   * The jobs that one instance handles. Looked for at the first need, which may be an enqueue in somebody's constructor:
   * then what factories will make is not there yet, and the answer is not kept.
   *
   * @throws InvalidJobDeclarationError, UnknownInstanceError
   */
  jobsOf(instance: string | undefined): readonly DiscoveredJob[] {
    const jobs = this.#jobs ?? this.#discover();
    if (this.#isComplete) this.#jobs = jobs;
    return jobs.filter((job) => job.instance === instance);
  }

  /** The first handler of a job in any instance. */
  handlerOf(jobName: string): DiscoveredJob | undefined {
    return (this.#jobs ?? this.#discover()).find((job) => job.name === jobName);
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  add(stoppable: Stoppable): void {
    this.#stoppables.add(stoppable);
  }

  /**
   * Stops all of them together: one after the other, two grace periods would outlast what Kubernetes waits, and the last
   * one would fetch jobs meanwhile. Each is stopped once, however often this is asked.
   */
  async stop(): Promise<void> {
    const ends = await Promise.allSettled([...this.#stoppables].map((each) => each.stop()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #discover(): readonly DiscoveredJob[] {
    const jobs = discoverJobs(this.#modules.values());
    const homeless = this.#isComplete && jobs.find((job) => !this.#names.includes(job.instance));
    if (homeless) throw new UnknownInstanceError(homeless.place, homeless.instance, this.#names);
    return jobs;
  }
}
