import { Controller, Get } from '@nestjs/common';
import { WorkClient } from 'nestjs-work';

@Controller('jobs')
export class JobsController {
  constructor(private readonly client: WorkClient) {}

  @Get()
  async overview() {
    const [queues, retry, dead] = await Promise.all([
      this.client.queues(),
      this.client.retryJobs(1),
      this.client.deadJobs(1),
    ]);
    return { queues, retry: retry.count, dead: dead.count };
  }
}
