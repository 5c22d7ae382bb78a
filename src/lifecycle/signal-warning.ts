import type { LoggerService } from '@nestjs/common';

/** By then `main()` has had the time to call `enableShutdownHooks()`. */
const DELAY_MS = 1_000;

/** Warns once where nothing listens to SIGTERM: the process would then end in the middle of its jobs. */
export class SignalWarning {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly logger: LoggerService) {}

  start(): void {
    this.#timer = setTimeout(() => this.#look(), DELAY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    if (process.listenerCount('SIGTERM') > 0) return;
    this.logger.warn(
      'Nothing listens to SIGTERM, so that a deploy kills jobs in the middle. Call app.enableShutdownHooks() in main().',
    );
  }
}
