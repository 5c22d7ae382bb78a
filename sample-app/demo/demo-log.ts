import type { LoggerService } from '@nestjs/common';
import type { FateBoard } from './fate-board.js';

/** The context of a job's own logger is its name and id; no other context has a space. */
const JOB_CONTEXT = /^(\S+) (.+)$/;

/**
 * Nest's logger, for a person who watches jobs: what jobs say goes to the board, trouble goes to standard error, and all
 * that Nest and the module tell of their start is left out. What `Work` tells of running, the board shows from its events.
 */
export class DemoLog implements LoggerService {
  constructor(private readonly board: FateBoard) {}

  log(message: unknown, context?: string): void {
    this.#sayOfJob(message, context);
  }

  warn(message: unknown, ...rest: readonly string[]): void {
    this.#tell(message, rest);
  }

  error(message: unknown, ...rest: readonly string[]): void {
    this.#tell(message, rest);
  }

  fatal(message: unknown, ...rest: readonly string[]): void {
    this.#tell(message, rest);
  }

  #tell(message: unknown, rest: readonly string[]): void {
    const context = rest.at(-1);
    if (context === 'Work' || this.#sayOfJob(message, context)) return;
    process.stderr.write(`! ${[message, ...rest.slice(0, -1)].join('\n')}\n`);
  }

  #sayOfJob(message: unknown, context: string | undefined): boolean {
    const [, job, jobId] = JOB_CONTEXT.exec(context ?? '') ?? [];
    if (job === undefined || jobId === undefined) return false;
    this.board.say(job, jobId, String(message));
    return true;
  }
}
