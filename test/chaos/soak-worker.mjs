// One worker process of the soak: runs jobs of a few milliseconds and notes each in a file of its own before it ends.
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkerPool } from 'nestjs-work/engine';

const { SOAK_REDIS, SOAK_NAMESPACE, SOAK_LOG } = process.env;

const pool = new WorkerPool({
  namespace: SOAK_NAMESPACE,
  connection: SOAK_REDIS,
  concurrency: 20,
  gracePeriodMs: 5_000,
  whenRedisIsDown: 'wait',
  report: (event) => {
    if (event.type === 'pool_reaped' || event.type === 'pool_fenced' || event.type === 'job_poisoned')
      process.stdout.write(`${JSON.stringify(event)}\n`);
    if (event.type === 'role_failed') process.stdout.write(`role_failed ${event.role}: ${String(event.error)}\n`);
  },
});

async function run({ args }) {
  await pause(args.ms);
  appendFileSync(SOAK_LOG, `${args.n}\n`);
}

pool.job('free', {}, run);
pool.job('limited', { maxConcurrency: 30 }, run);
await pool.start();
process.once('SIGTERM', () => void pool.stop().then(() => process.exit(0)));
