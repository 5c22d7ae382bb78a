import type { CompiledSources } from '../../support/compiled-sources.js';
import type { GoPrograms } from './go-programs.js';
import type { GoPoolOptions, GoWorker } from './go-worker.js';
import type { OurWorker } from './our-worker.js';
import type { SharedNamespace } from './shared-namespace.js';

const KILL_EVERY_MS = 1_000;
/** After every tenth kill, so that the dead are found. */
const PAUSE_AFTER_KILLS = 10;
/**
 * Of ten kills so many take the pools of ours in turn, the others only one: the other must live for as long as it watches a
 * pool before it finds it dead, about 12 s. Go's reapers, which look 10 s after they began, would else always be the first.
 */
const KILLS_IN_TURN = 5;
const PAUSE_MS = 15_000;

export interface FleetOptions {
  /** Of the one Go pool and of the other. */
  readonly versions: readonly [GoPrograms, GoPrograms];
  readonly sources: CompiledSources;
  readonly pool: GoPoolOptions & { readonly concurrency: number };
  /** Each pool counts its runs in keys that begin with this and its name: `go0`, `go1`, `ours0` or `ours1`. */
  readonly countIn: string;
}

/** Two pools of each side; one of each is killed and started anew in turn. */
export class Fleet {
  /** Each of a Go pool and one of ours. */
  kills = 0;
  pauses = 0;
  readonly #go: GoWorker[] = [];
  readonly #ours: OurWorker[] = [];
  /** Those of ours that were killed as well. */
  readonly #allOurs: OurWorker[] = [];

  private constructor(
    private readonly shared: SharedNamespace,
    private readonly options: FleetOptions,
  ) {}

  /** Jobs that pools of ours have brought back of dead ones. */
  get recovered(): number {
    return this.#allOurs.reduce((sum, worker) => sum + worker.recovered, 0);
  }

  static async start(shared: SharedNamespace, options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(shared, options);
    await Promise.all([0, 1].flatMap((place) => [fleet.#startGo(place), fleet.#startOurs(place)]));
    return fleet;
  }

  /**
   * Until nothing waits, and there was a pause: on a fast machine a few jobs are done before. From one kill to the next a second
   * passes, or as long as the restarts take.
   */
  async killUntil(waiting: () => Promise<number>, giveUpMs: number): Promise<void> {
    const deadlineMs = Date.now() + giveUpMs;
    for (let killAtMs = Date.now() + KILL_EVERY_MS; ;) {
      await pause(killAtMs - Date.now());
      const jobs = await waiting();
      if (jobs === 0 && this.pauses > 0) return;
      if (Date.now() > deadlineMs) throw new Error(this.#complaint(jobs, giveUpMs));
      killAtMs = Date.now() + KILL_EVERY_MS;
      await this.#kill();
      if (this.kills % PAUSE_AFTER_KILLS > 0) continue;
      await pause(PAUSE_MS);
      this.pauses += 1;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#go, ...this.#ours].map((worker) => worker.stop()));
  }

  #complaint(jobs: number, giveUpMs: number): string {
    const { kills, pauses } = this;
    return `${jobs} jobs still wait after ${giveUpMs} ms with ${kills} kills on each side and ${pauses} pauses.`;
  }

  async #kill(): Promise<void> {
    const go = this.kills % 2;
    const ours = this.kills % PAUSE_AFTER_KILLS < KILLS_IN_TURN ? go : 1;
    await Promise.all([this.#go[go]!.kill(), this.#ours[ours]!.kill()]);
    this.kills += 1;
    await Promise.all([this.#startGo(go), this.#startOurs(ours)]);
  }

  async #startGo(place: number): Promise<void> {
    const { versions, pool, countIn } = this.options;
    this.#go[place] = await this.shared.goPool({ ...pool, countIn: `${countIn}:go${place}` }, versions[place]);
  }

  async #startOurs(place: number): Promise<void> {
    const { sources, pool, countIn } = this.options;
    const worker = await this.shared.ourWorker(sources, { ...pool, countIn: `${countIn}:ours${place}` });
    this.#ours[place] = worker;
    this.#allOurs.push(worker);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
