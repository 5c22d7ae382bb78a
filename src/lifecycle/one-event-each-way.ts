import type { Report } from '#engine';

/**
 * The pool and the enqueuer have connections of their own to the same Redis: its loss is told with the first of them, and
 * its return with the last.
 */
export function oneEventEachWay(report: Report): Report {
  let lost = 0;
  return (event) => {
    if (event.type === 'redis_lost' && lost++ > 0) return;
    if (event.type === 'redis_back' && --lost > 0) return;
    report(event);
  };
}
