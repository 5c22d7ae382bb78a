import { Injectable } from '@nestjs/common';
import { JobContext, Periodic, WorkClient } from 'nestjs-work';
import { Outbox } from '../mail/outbox.js';

@Injectable()
export class NightlyReportJob {
  constructor(
    private readonly outbox: Outbox,
    private readonly client: WorkClient,
  ) {}

  // A decorator is evaluated before there is a ConfigService, and before a file .env is read.
  @Periodic(process.env['REPORT_CRON'] ?? '0 3 * * *', { name: 'nightly_report', timezone: 'UTC' })
  async write(job: JobContext) {
    const queues = await this.client.queues();
    const lines = queues.map(({ jobName, count }) => `${jobName}: ${count} waiting`);
    const path = await this.outbox.put(
      `report-${job.enqueuedAt.toISOString().replaceAll(':', '-')}.txt`,
      `${lines.join('\n')}\n`,
    );
    job.log.log(`wrote ${path}`);
  }
}
