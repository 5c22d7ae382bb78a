import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WorkError, WorkEvents } from 'nestjs-work';
import { readDemoArguments, USAGE, UsageError, type DemoArguments } from './demo-arguments.js';
import { DemoLog } from './demo-log.js';
import { DemoRun } from './demo-run.js';
import { FateBoard } from './fate-board.js';
import { INTERRUPTED_EXIT_CODE, interruption } from './interruption.js';
import { outboxFolder } from './outbox-folder.js';
import { WebhookReceiver } from './webhook-receiver.js';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** @returns the exit code */
async function demo(options: DemoArguments): Promise<number> {
  const interrupted = interruption();
  const board = new FateBoard(print, process.stdout.isTTY && process.stdout.hasColors());
  const receiver = new WebhookReceiver();
  const app = await createApplication(board, options.once ? 3 : 10);
  try {
    await new DemoRun(app, board, print, interrupted).show(options, await receiver.listen());
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    if (interrupted.aborted) print('\nStopping; jobs that run may end first.');
    await app.close();
    await receiver.close();
  }
  if (!interrupted.aborted) return board.tellVerdict() ? 0 : 1;
  print('Stopped.');
  return options.once ? INTERRUPTED_EXIT_CODE : 0;
}

async function createApplication(board: FateBoard, reportEverySeconds: number): Promise<INestApplication> {
  // Decorators read the environment when their module is loaded, so it is loaded now.
  process.env['REPORT_CRON'] ??= `*/${reportEverySeconds} * * * * *`;
  process.env['OUTBOX'] = outboxFolder();
  const { AppModule } = await import('../app.module.js');
  const app = await NestFactory.create(AppModule, { logger: new DemoLog(board), abortOnError: false });
  app.get(WorkEvents).subscribe(board.take);
  return app;
}

function textOfError(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof WorkError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const options = readDemoArguments(process.argv.slice(2));
  if (options.help) print(USAGE);
  else process.exitCode = await demo(options);
} catch (error) {
  process.stderr.write(`\n${textOfError(error)}\n`);
  process.exitCode = 1;
}
