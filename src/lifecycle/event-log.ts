import { Logger } from '@nestjs/common';
import type { Report } from '#engine';
import { eventLine } from './event-line.js';

/** Where an instance writes: `[Work]`, or `[Work:<name>]`. */
export function workLogger(name: string | undefined): Logger {
  return new Logger(name === undefined ? 'Work' : `Work:${name}`);
}

/** Tells the engine's events by Nest's logger. */
export function eventLog(logger: Logger): Report {
  return (event) => {
    const line = eventLine(event);
    if (!line) return;
    if (line.level === 'error') return logger.error(line.message, line.stack);
    logger[line.level](line.message);
    if (line.stack !== undefined) logger.debug(line.stack);
  };
}
