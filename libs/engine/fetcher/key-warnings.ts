import { adviceOnRefusal, replyError, type KeyError } from '#store';
import type { Clock } from '../clock.js';
import type { Report } from '../events.js';

const AGAIN_AFTER_MS = 3_600_000;
const MOST_KEYS = 1_000;

/** Warns of each key that could not be used, and again after an hour if it still cannot. */
export class KeyWarnings {
  readonly #toldAtMs = new Map<string, number>();

  constructor(
    private readonly report: Report,
    private readonly clock: Clock,
  ) {}

  found(errors: readonly KeyError[]): void {
    for (const error of errors) this.#found(error);
  }

  #found({ key, message }: KeyError): void {
    const nowMs = this.clock.monotonicMs();
    const toldAtMs = this.#toldAtMs.get(key);
    if (toldAtMs !== undefined && nowMs - toldAtMs < AGAIN_AFTER_MS) return;
    if (this.#toldAtMs.size >= MOST_KEYS) this.#toldAtMs.clear();
    this.#toldAtMs.set(key, nowMs);
    this.report({
      type: 'warning',
      code: 'WORK_BROKEN_KEY',
      message:
        `Redis key ${JSON.stringify(key)} cannot be used: ${message}. Jobs that need it wait, or are set aside in the ` +
        `quarantine; none is lost. ${adviceOnRefusal(replyError(message))}`.trim(),
    });
  }
}
