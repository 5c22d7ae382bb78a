/**
 * The root of every error that this package throws on purpose. `code` is for programs and is never renamed; the message
 * is for people: what happened, to which job or key, and what to do next.
 */
export abstract class WorkError extends Error {
  /** Stable, machine-readable: `WORK_…`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
