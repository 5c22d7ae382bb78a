// Runs the sample app's demo: gets a Redis, builds what is stale, and starts dist/sample-app/demo/demo.js with
// REDIS_URL, NESTJS_WORK_NAMESPACE and the arguments. Its exit code is the demo's.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { buildSampleAppIfStale } from '../build/sample-app.mjs';
import { root } from '../paths.mjs';
import { runToEnd } from '../processes/run-to-end.mjs';
import { redisForDemo } from '../redis/for-demo.mjs';

export async function runDemo(args) {
  if (args.includes('--help') || args.includes('-h')) return await buildAndRun(args, {});
  const redis = await redisForDemo();
  console.log(`Redis: ${redis.label}`);
  const namespace = `demo-${randomBytes(4).toString('hex')}`;
  try {
    return await buildAndRun(args, { REDIS_URL: redis.url, NESTJS_WORK_NAMESPACE: namespace });
  } finally {
    await redis.end(namespace);
  }
}

async function buildAndRun(args, env) {
  const startedAt = Date.now();
  await buildSampleAppIfStale();
  if (Date.now() - startedAt > 1_000) console.log(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  return await runToEnd(join(root, 'dist/sample-app/demo/demo.js'), args, env);
}
