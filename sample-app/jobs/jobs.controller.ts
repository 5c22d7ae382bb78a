import { Controller, Get } from '@nestjs/common';
import { WorkClient } from 'nestjs-work';

@Controller('jobs')
export class JobsController {
  constructor(private readonly client: WorkClient) {}

  @Get()
  async overview() {
    const [queues, scheduled, retry, dead] = await Promise.all([
      this.client.queues(),
      this.client.scheduledJobs(1),
      this.client.retryJobs(1),
      this.client.deadJobs(1),
    ]);
    return { queues, scheduled: scheduled.count, retry: retry.count, dead: dead.count };
  }
}
