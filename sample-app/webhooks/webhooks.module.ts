import { Module } from '@nestjs/common';
import { WebhookJob } from './webhook.job.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({ controllers: [WebhooksController], providers: [WebhookJob] })
export class WebhooksModule {}
