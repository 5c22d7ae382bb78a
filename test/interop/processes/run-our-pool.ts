// A worker pool of ours in a process of its own, whose jobs do as they are told by lines of JSON, as the Go worker's do. The
// end of its input ends it.
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { WorkerPool, type JobRun, type WorkEvent } from '#engine';
import type { OurJobType, OurWorkerSettings } from '../support/our-worker.js';

const settings = JSON.parse(process.argv[2]!) as OurWorkerSettings;
const waiting = new Map<string, (fail: string | undefined) => void>();
const redis = new Redis(settings.redis);
const tell = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);

const pool = new WorkerPool({
  namespace: settings.namespace,
  connection: settings.redis,
  concurrency: settings.concurrency,
  gracePeriodMs: 0,
  report,
});

function report(event: WorkEvent): void {
  if (event.type === 'pool_fenced') tell({ event: 'fenced', poolId: event.poolId, newPoolId: event.newPoolId });
  if (event.type === 'pool_reaped') tell({ event: 'reaped', poolId: event.poolId, recovered: event.recovered });
  if (event.type === 'job_lost') tell({ event: 'lost', poolId: event.poolId, id: event.jobId });
}

async function run({ name, sleepMs = 0, wait = false }: OurJobType, { id }: JobRun): Promise<void> {
  const told = wait && new Promise<string | undefined>((resolve) => waiting.set(id, resolve));
  await tellRun('start', id, name);
  await pause(sleepMs);
  const fail = await told;
  await tellRun('end', id, name);
  if (fail) throw new Error(fail);
}

async function tellRun(event: 'start' | 'end', id: string, name: string): Promise<void> {
  if (!settings.countIn) tell({ event, id, name });
  else await redis.hincrby(`${settings.countIn}:${event}`, id, 1);
}

async function stop(): Promise<void> {
  await pool.stop();
  tell({ event: 'stopped', poolId: pool.poolId });
  process.exit();
}

for (const type of settings.jobs) {
  const { name, maxConcurrency } = type;
  pool.job(name, { maxConcurrency }, (job: JobRun) => run(type, job));
}
createInterface(process.stdin)
  .on('line', (line) => {
    const asked = JSON.parse(line) as { readonly do: 'end' | 'stop'; readonly id: string; readonly fail?: string };
    if (asked.do === 'end') waiting.get(asked.id)!(asked.fail);
    else void stop();
  })
  .on('close', () => process.exit(1));
void pool.start().then(() => tell({ event: 'started', poolId: pool.poolId }));
