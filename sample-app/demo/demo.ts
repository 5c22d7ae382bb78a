import 'reflect-metadata';
import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Enqueuer, WorkEvents } from 'nestjs-work';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readDemoArguments, USAGE, type DemoArguments } from './demo-arguments.js';
import { FateBoard } from './fate-board.js';
import { WebhookReceiver } from './webhook-receiver.js';

const GIVE_UP_MS = 60_000;

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The ids that the sample application's endpoints answer with. */
interface Answer {
  readonly [what: string]: string;
}

async function startApplication(): Promise<INestApplication> {
  // The decorators read the environment when the module is loaded, so it is loaded now.
  process.env['REPORT_CRON'] ??= '*/3 * * * * *';
  const { AppModule } = await import('../app.module.js');
  const app = await NestFactory.create(AppModule, { logger: ['log', 'warn', 'error', 'fatal'] });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  return app;
}

async function post(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function enqueueAll(api: string, webhooks: string, board: FateBoard): Promise<void> {
  const job = (what: string, id: string | undefined, fate: 'succeeded' | 'dead') =>
    board.expect({ what, fate, matches: ({ jobId }) => jobId === id });
  board.expect({ what: 'nightly_report', fate: 'succeeded', matches: ({ job: name }) => name === 'nightly_report' });

  const user = { email: 'ada@example.com', name: 'Ada' };
  job('send_welcome', (await post(`${api}/users`, user))['welcomeMail'], 'succeeded');
  const emails = Array.from({ length: 50 }, (_, row) => `contact-${row}@example.com`);
  job('import_contacts', (await post(`${api}/imports`, { emails }))['import'], 'succeeded');
  const shaky = { url: `${webhooks}/shaky`, payload: { event: 'user.created' } };
  job('deliver_webhook to a shaky server', (await post(`${api}/webhooks`, shaky))['webhook'], 'succeeded');
  const broken = { url: `${webhooks}/broken`, payload: { event: 'user.created' } };
  job('deliver_webhook to a broken server', (await post(`${api}/webhooks`, broken))['webhook'], 'dead');
  job('reindex', (await post(`${api}/reindex`, { index: 'users' }))['reindex'], 'succeeded');
  await post(`${api}/reindex`, { index: 'users' }).then(({ alreadyWaiting }) => {
    if (!alreadyWaiting) throw new Error('The second reindex should have found the first one waiting.');
  });
}

async function enqueueExtra(app: INestApplication, extra: DemoArguments['extra'], board: FateBoard): Promise<void> {
  if (!extra) return;
  const { id } = await app.get(Enqueuer).enqueue(extra.name, extra.args);
  board.expect({ what: `${extra.name} (yours)`, fate: 'succeeded', matches: ({ jobId }) => jobId === id });
}

/** Resolves with what went wrong: nothing, if every job met its expected fate. */
async function untilSettled(board: FateBoard): Promise<readonly string[]> {
  const late = new AbortController();
  await Promise.race([board.settled, pause(GIVE_UP_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  return board.problems;
}

async function run({ once, extra }: DemoArguments, app: INestApplication, webhooks: string): Promise<void> {
  const board = new FateBoard(print);
  app.get(WorkEvents).subscribe(board.take);
  const api = await app.getUrl();
  print(`\nThe sample application listens at ${api}. Mails and reports go to ${process.env['OUTBOX']}.\n`);
  await enqueueAll(api, webhooks, board);
  await enqueueExtra(app, extra, board);
  const problems = await untilSettled(board);
  for (const problem of problems) print(`Unexpected: ${problem}`);
  if (problems.length === 0) print('\nEvery job met its expected fate.');
  process.exitCode = problems.length === 0 ? 0 : 1;
  if (!once) await goOn(api);
}

/** Keeps the application up, with its periodic report, until Ctrl-C. */
async function goOn(api: string): Promise<never> {
  const body = `{"email":"you@example.com","name":"You"}`;
  print(`\nIt goes on running. Try:  curl -X POST ${api}/users -H 'content-type: application/json' -d '${body}'`);
  print(`Overview: ${api}/jobs. Ctrl-C ends it.\n`);
  return new Promise(() => undefined);
}

async function demo(options: DemoArguments): Promise<void> {
  const interrupted = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  const outbox = await mkdtemp(join(tmpdir(), 'nestjs-work-demo-'));
  process.env['OUTBOX'] ??= outbox;
  const receiver = new WebhookReceiver();
  const app = await startApplication();
  try {
    await Promise.race([run(options, app, await receiver.listen()), interrupted]);
  } finally {
    await app.close();
    await receiver.close();
    await rm(outbox, { recursive: true, force: true });
  }
}

try {
  await demo(readDemoArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
