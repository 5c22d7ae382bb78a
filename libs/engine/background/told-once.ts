import { isErrorReply } from '#store';
import type { Report } from '../events.js';

/**
 * Reports a role's trouble with Redis when it begins, not on every try. A lost connection is not told here: whoever owns
 * the connections does.
 */
export class ToldOnce {
  #told = false;

  constructor(
    private readonly role: string,
    private readonly report: Report,
    /** What is told; by default only what Redis answered. */
    private readonly isTrouble: (error: unknown) => boolean = isErrorReply,
  ) {}

  failed(error: unknown): void {
    if (this.#told || !this.isTrouble(error)) return;
    this.#told = true;
    this.report({ type: 'role_failed', role: this.role, error });
  }

  succeeded(): void {
    this.#told = false;
  }
}
