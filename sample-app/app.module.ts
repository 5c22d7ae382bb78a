import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { WorkModule } from 'nestjs-work';
import { WorkOptions } from './config/work-options.js';
import { ImportsModule } from './imports/imports.module.js';
import { EnqueueErrorFilter } from './jobs/enqueue-error.filter.js';
import { JobTimer } from './jobs/job-timer.js';
import { JobsController } from './jobs/jobs.controller.js';
import { ReportsModule } from './reports/reports.module.js';
import { SearchModule } from './search/search.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    WorkModule.forRootAsync({ useClass: WorkOptions }),
    UsersModule,
    ReportsModule,
    ImportsModule,
    WebhooksModule,
    SearchModule,
  ],
  controllers: [JobsController],
  providers: [
    JobTimer,
    { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, transform: true }) },
    { provide: APP_FILTER, useClass: EnqueueErrorFilter },
  ],
})
export class AppModule {}
