import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.js';
import { NightlyReportJob } from './nightly-report.job.js';

@Module({ imports: [MailModule], providers: [NightlyReportJob] })
export class ReportsModule {}
