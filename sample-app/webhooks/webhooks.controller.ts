import { Body, Controller, Post } from '@nestjs/common';
import { Enqueuer } from 'nestjs-work';
import { Webhook } from './webhook.dto.js';

@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly enqueuer: Enqueuer) {}

  @Post()
  async deliver(@Body() webhook: Webhook) {
    const job = await this.enqueuer.enqueue('deliver_webhook', webhook);
    return { webhook: job.id };
  }
}
