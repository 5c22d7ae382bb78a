// A process of its own for process.spec.ts: what it does it says over its channel, and a job ends when it is told "end".
import 'reflect-metadata';
import { once } from 'node:events';
import { Injectable, Module, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Enqueuer, Job, WorkModule } from 'nestjs-work';

const say = (text: string) => process.send?.(text);

@Injectable()
class Database implements OnModuleDestroy, OnApplicationShutdown {
  isOpen = true;
  onModuleDestroy() {
    this.isOpen = false;
    say('the database is closed');
  }
  onApplicationShutdown(signal?: string) {
    say(`shut down by ${signal}`);
  }
}

@Injectable()
class Jobs {
  constructor(
    private readonly database: Database,
    private readonly enqueuer: Enqueuer,
  ) {}

  @Job('slow')
  async slow() {
    say('a slow job begins');
    await once(process, 'message');
    await this.enqueuer.enqueue('next', null);
    say(`the slow job ends, the database is ${this.database.isOpen ? 'open' : 'closed'}`);
  }

  @Job('endless')
  async endless() {
    say('an endless job begins');
    await new Promise(() => {});
  }
}

const { NAMESPACE = '', REDIS_URL = '', GRACE_PERIOD_MS = '0', WHEN_REDIS_IS_DOWN = 'fail' } = process.env;

@Module({
  imports: [
    WorkModule.forRoot({
      namespace: NAMESPACE,
      connection: REDIS_URL,
      gracePeriodMs: Number(GRACE_PERIOD_MS),
      whenRedisIsDown: WHEN_REDIS_IS_DOWN as 'fail' | 'wait',
      knownJobs: ['next'],
    }),
  ],
  providers: [Database, Jobs],
})
class AppModule {}

async function main(): Promise<void> {
  process.once('disconnect', () => process.exit()); // the test is gone
  process.channel?.unref(); // it lives by its jobs alone
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => say('signalled'));
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  say('started');
}

void main();
