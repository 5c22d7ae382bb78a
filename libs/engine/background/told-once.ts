import { isLostConnection } from '#store';
import type { Report, RoleName } from '../events.js';

/** Errors whose texts differ each time must not flood the application. */
const MOST_TOLD = 10;

/**
 * Reports each error of a role when it begins, not on every try. A lost connection is not told here: whoever owns the
 * connections does.
 */
export class ToldOnce {
  readonly #told = new Set<string>();

  constructor(
    private readonly role: RoleName,
    private readonly report: Report,
  ) {}

  failed(error: unknown): void {
    const text = String(error);
    if (isLostConnection(error) || this.#told.has(text) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(text);
    this.report({ type: 'role_failed', role: this.role, error });
  }

  succeeded(): void {
    this.#told.clear();
  }
}
