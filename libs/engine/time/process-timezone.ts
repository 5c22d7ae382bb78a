import type { PeriodicSpec } from '#protocol';
import type { Report } from '../events.js';

type ZonedSpec = Pick<PeriodicSpec, 'jobName' | 'timezone' | 'namesTimezone'>;

const UTC_NAMES = ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'];

/** Processes in different time zones would fire such a job at different times. */
export function warnOfProcessTimezone(specs: readonly ZonedSpec[], report: Report): void {
  const affected = specs.filter(({ namesTimezone, timezone }) => !namesTimezone && !UTC_NAMES.includes(timezone));
  const [first] = affected;
  if (!first) return;
  const jobs = [...new Set(affected.map(({ jobName }) => JSON.stringify(jobName)))].join(', ');
  report({
    type: 'warning',
    code: 'WORK_PROCESS_TIMEZONE',
    message:
      `No time zone is given for the periodic jobs ${jobs}, so they follow that of this process, ${first.timezone}. ` +
      'Give each a timezone, so that processes elsewhere agree.',
  });
}
