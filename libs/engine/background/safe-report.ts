import type { Report } from '../events.js';

/**
 * What an application's own `report` throws must not end the work in whose middle it was called: it becomes a warning of the
 * process.
 */
export function safeReport(report: Report): Report {
  return (event) => {
    try {
      report(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error), 'WorkReportWarning');
    }
  };
}
