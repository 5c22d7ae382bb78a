// The soak: jobs over three worker processes, two of which are killed by SIGKILL in turn every second and started anew, with a
// pause of 15 s after every tenth kill, so that the dead are found. At the end each job ran, and nothing is left over.
//
//   npm run soak [-- --jobs 100000]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { Enqueuer, Keyspace } from 'nestjs-work/engine';
import { dieWithParent } from '../../.tools/processes/run-to-end.mjs';
import { endAtSignals } from '../../.tools/processes/signals.mjs';
import { findRedisServer, installAdvice, startRedisServer } from '../../.tools/redis.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const JOBS = readJobs();
const JOB_MS = 25;
const GIVE_UP_MS = 20 * 60_000;

const found = await findRedisServer();
if (found.missing) refuse(`The soak needs a Redis. ${found.missing} ${installAdvice()}`);
endAtSignals();
const server = await startRedisServer(found);
const folder = mkdtempSync(join(tmpdir(), 'nestjs-work-soak-'));
const keyspace = new Keyspace('soak');
const redis = new Redis(server.url);
const workers = [];
let started = 0;
let kills = 0;
process.on('exit', () => {
  for (const worker of workers) worker.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function refuse(why) {
  console.error(why);
  process.exit(1);
}

function readJobs() {
  try {
    const { jobs } = parseArgs({ options: { jobs: { type: 'string', default: '100000' } } }).values;
    if (/^[1-9]\d*$/.test(jobs)) return Number(jobs);
    throw new Error(`--jobs must be a whole number from 1, not ${jobs}.`);
  } catch (error) {
    refuse(error.message);
    return 0;
  }
}

function startWorker(place) {
  const env = {
    ...process.env,
    SOAK_REDIS: server.url,
    SOAK_NAMESPACE: keyspace.namespace,
    SOAK_LOG: join(folder, `${++started}.log`),
  };
  workers[place] = spawn(process.execPath, ['--import', dieWithParent, join(here, 'soak-worker.mjs')], {
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
}

function ranJobs() {
  const times = new Map();
  for (const file of readdirSync(folder))
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n'))
      if (line !== '') times.set(Number(line), (times.get(Number(line)) ?? 0) + 1);
  return times;
}

async function leftOver() {
  const counts = { waiting: 0, inProgress: 0, locks: 0 };
  for (const job of ['free', 'limited']) {
    counts.waiting += await redis.llen(keyspace.queue(job));
    counts.locks += Math.abs(Number((await redis.get(keyspace.lock(job))) ?? 0));
    for (const key of await redis.keys(`${keyspace.queue(job)}:*:inprogress`))
      counts.inProgress += await redis.llen(key);
  }
  const [retry, dead, scheduled] = await Promise.all(
    [keyspace.retry, keyspace.dead, keyspace.scheduled].map((key) => redis.zcard(key)),
  );
  return { ...counts, retry, dead, scheduled, quarantine: await redis.llen(keyspace.ext.quarantine) };
}

async function enqueueAll() {
  const enqueuer = new Enqueuer({ redis, keyspace });
  for (const [name, parity] of [
    ['free', 0],
    ['limited', 1],
  ]) {
    const all = Array.from({ length: JOBS }, (_, n) => ({ n, ms: JOB_MS })).filter(({ n }) => n % 2 === parity);
    await enqueuer.enqueueMany(name, all);
  }
  await enqueuer.close();
}

async function killInTurn() {
  while (Date.now() < deadlineMs) {
    await pause(1_000);
    if ((await redis.llen(keyspace.queue('free'))) + (await redis.llen(keyspace.queue('limited'))) === 0) return;
    const place = kills % 2;
    workers[place].kill('SIGKILL');
    startWorker(place);
    kills += 1;
    if (kills % 10 === 0) {
      console.log(`${kills} kills, ${ranJobs().size} of ${JOBS} jobs ran; pause of 15 s`);
      await pause(15_000);
    }
  }
}

async function untilQuiet() {
  for (;;) {
    const { waiting, inProgress, retry, scheduled } = await leftOver();
    if (waiting + inProgress + retry + scheduled === 0 || Date.now() > deadlineMs) return;
    await pause(500);
  }
}

const startedAt = Date.now();
const deadlineMs = startedAt + GIVE_UP_MS;
try {
  await enqueueAll();
  console.log(`${JOBS} jobs wait for three processes.`);
  for (const place of [0, 1, 2]) startWorker(place);
  await killInTurn();
  await untilQuiet();
  const ended = Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  for (const worker of workers) worker.kill('SIGTERM');
  await ended;
  const ran = ranJobs();
  const lost = Array.from({ length: JOBS }, (_, n) => n).filter((n) => !ran.has(n)).length;
  const twice = [...ran.values()].filter((times) => times > 1).length;
  const rest = await leftOver();
  console.log({
    jobs: JOBS,
    ran: ran.size,
    lost,
    ranTwice: twice,
    kills,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    ...rest,
  });
  const isClean = lost === 0 && Object.values(rest).every((count) => count === 0);
  console.log(isClean ? 'Each job ran, and none is left over.' : 'FAILED');
  process.exitCode = isClean ? 0 : 1;
} finally {
  redis.disconnect();
  await server.stop();
}
process.exit(); // workers that hang as well
