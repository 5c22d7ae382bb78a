import { parentPort, workerData } from 'node:worker_threads';
import { Keyspace } from '#protocol';
import { Connections } from '#store';
import { RedisClock } from '../../clock.js';
import { BeatAndWatch } from './beat-and-watch.js';
import { processMonotonicMs, type BeatThreadData, type FromThread, type ToThread } from './thread-messages.js';
import { Vitals } from './vitals.js';

// The entry of the worker thread that LivenessThread starts. It opens one connection of its own and lives until it is told
// to stop; nothing of it runs on the thread of the application.
const data = workerData as BeatThreadData;
const monotonicMs = () => processMonotonicMs() + data.monotonicOffsetMs;
const clock = new RedisClock({ nowMs: () => Date.now(), monotonicMs });
clock.sample(data.nowMs);
const vitals = new Vitals(monotonicMs, data.vitals);
const connections = new Connections(data.connection);
let identity = data.identity;

const tell = (message: FromThread) => parentPort?.postMessage(message);

const beatAndWatch = new BeatAndWatch({
  redis: connections.open('beat'),
  keyspace: new Keyspace(data.namespace),
  identity: () => identity,
  clock,
  beatMs: data.beatMs,
  lookMs: data.lookMs,
  mayBeat: () => vitals.loopAgeMs() <= data.maxBlockedMs,
  onAccepted: ({ sentAtMs, redisMs }) => {
    clock.sample(redisMs);
    vitals.beatAccepted(sentAtMs);
    tell({ kind: 'time', redisMs, atMs: monotonicMs() });
  },
  onFenced: (poolId) => tell({ kind: 'fenced', poolId }),
  report: (event) => tell({ kind: 'event', event }),
});

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'identity') identity = message.identity;
  else void stop();
});
beatAndWatch.start();

async function stop(): Promise<void> {
  const stopped = beatAndWatch.stop();
  connections.close();
  await stopped;
  parentPort?.close();
}
