import type { HeldJob } from './held-job.js';
import type { JobLedger } from './job-ledger.js';

interface Returning {
  readonly job: HeldJob;
  readonly resolve: () => void;
}

/** Running jobs that wait for something else and lend their slot meanwhile; they get one back before a new job does. */
export class AsideJobs {
  #returning: Returning[] = [];

  constructor(
    private readonly ledger: JobLedger,
    /** More jobs than this keep their slots: what is held must stay bounded. */
    private readonly most: number,
    private readonly onChange: () => void,
  ) {}

  async lendSlot(job: HeldJob, wait: () => Promise<void>): Promise<void> {
    if (job.state !== 'running' || this.ledger.asideCount >= this.most) return await wait();
    this.ledger.stepAside(job);
    this.onChange();
    try {
      await wait();
    } finally {
      await new Promise<void>((resolve) => {
        this.#returning.push({ job, resolve });
        this.onChange();
      });
    }
  }

  /** An interrupted job comes back even where no slot is free: it is about to end. */
  admit(freeSlots: number): void {
    if (this.#returning.length === 0) return;
    let free = freeSlots;
    const waiting: Returning[] = [];
    for (const returning of this.#returning) {
      if (free <= 0 && mayWait(returning)) {
        waiting.push(returning);
      } else {
        free -= 1;
        this.ledger.stepBack(returning.job);
        returning.resolve();
      }
    }
    this.#returning = waiting;
  }
}

function mayWait({ job }: Returning): boolean {
  return job.state === 'running' && !job.interruption;
}
