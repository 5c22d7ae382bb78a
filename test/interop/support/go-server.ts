import { GoProcess } from './go-process.js';

interface Answer {
  readonly ok: unknown;
  readonly error?: string;
}

/** gocraft/work has answered with an error. */
export class GoError extends Error {}

/** A Go program that answers each request with a line, in their order. */
export class GoServer extends GoProcess<Answer> {
  #asked = 0;

  protected async ask<T>(request: string): Promise<T> {
    const place = this.#asked++;
    this.send(request);
    const { ok, error } = await this.until(`the answer to ${request.slice(0, 200)}`, (lines) => lines[place]);
    if (error !== undefined) throw new GoError(error);
    return ok as T;
  }
}
