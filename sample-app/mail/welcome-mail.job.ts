import { Injectable } from '@nestjs/common';
import { Job, JobContext } from 'nestjs-work';
import { Outbox } from './outbox.js';
import { WelcomeMail } from './welcome-mail.dto.js';

@Injectable()
export class WelcomeMailJob {
  constructor(private readonly outbox: Outbox) {}

  @Job('send_welcome', { priority: 10, maxFails: 5 })
  async send(mail: WelcomeMail, job: JobContext) {
    const text = `To: ${mail.to}\nSubject: Welcome, ${mail.name}!\n\nGood to have you here.\n`;
    const path = await this.outbox.put(`welcome-${job.id}.eml`, text);
    job.log.log(`wrote ${path}`);
  }
}
