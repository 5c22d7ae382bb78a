// The same source in each consumer: ES modules and CommonJS, Nest 12 and 11.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IsInt } from 'class-validator';
import { Enqueuer, Job, JobContext, UnrecoverableError, WorkClient, WorkError, WorkModule } from 'nestjs-work';
import * as engine from 'nestjs-work/engine';

export class AddDto {
  @IsInt()
  left!: number;

  @IsInt()
  right!: number;
}

declare module 'nestjs-work' {
  interface JobArguments {
    add: AddDto;
  }
}

let report: (sum: number) => void;
const sum = new Promise<number>((resolve) => (report = resolve));

@Injectable()
export class Adder {
  @Job('add', { maxFails: 2 })
  add({ left, right }: AddDto, job: JobContext): void {
    if (job.name !== 'add') throw new UnrecoverableError('This is another job.');
    report(left + right);
  }
}

@Module({
  imports: [
    WorkModule.forRoot({
      namespace: process.env['CONSUMER_NAMESPACE'] ?? '',
      connection: process.env['CONSUMER_REDIS'] ?? '',
    }),
  ],
  providers: [Adder],
})
export class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  await app.get(Enqueuer).enqueue('add', { left: 2, right: 40 });
  const refused = await app
    .get(Enqueuer)
    .enqueue('add', { left: 2, right: 0.5 })
    .then(
      () => 'nothing',
      (error: unknown) => error instanceof WorkError && error.code,
    );
  const answer = {
    sum: await sum,
    refused,
    sameEngine: engine.Enqueuer === Enqueuer && engine.Client === WorkClient,
    paused: await app.get(WorkClient).isPaused('add'),
  };
  await app.close();
  console.log(JSON.stringify(answer));
}

void main();
