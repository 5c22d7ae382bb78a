import { Module } from '@nestjs/common';
import { Outbox } from './outbox.js';
import { WelcomeMailJob } from './welcome-mail.job.js';

@Module({ providers: [Outbox, WelcomeMailJob], exports: [Outbox] })
export class MailModule {}
