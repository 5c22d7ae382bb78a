import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_PIPE } from '@nestjs/core';
import { WorkModule } from 'nestjs-work';
import { ImportsModule } from './imports/imports.module.js';
import { JobTimer } from './jobs/job-timer.js';
import { JobsController } from './jobs/jobs.controller.js';
import { ReportsModule } from './reports/reports.module.js';
import { SearchModule } from './search/search.module.js';
import { UsersModule } from './users/users.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    WorkModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        namespace: config.get('NESTJS_WORK_NAMESPACE', 'sample_app'),
        connection: config.get('REDIS_URL', 'redis://127.0.0.1:6379'),
        concurrency: Number(config.get('WORK_CONCURRENCY', 10)),
        gracePeriodMs: Number(config.get('WORK_GRACE_PERIOD_MS', 25_000)),
        worker: config.get('WORKER', 'true') !== 'false',
        middleware: [JobTimer],
      }),
    }),
    UsersModule,
    ReportsModule,
    ImportsModule,
    WebhooksModule,
    SearchModule,
  ],
  controllers: [JobsController],
  providers: [JobTimer, { provide: APP_PIPE, useValue: new ValidationPipe({ whitelist: true, transform: true }) }],
})
export class AppModule {}
