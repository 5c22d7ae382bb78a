import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { compiledSources, type CompiledSources } from '../../support/compiled-sources.js';
import { describeRedis, testRedis, type TestRedis } from '../../support/index.js';

describeRedis('The thread of the heartbeat', () => {
  let libs: CompiledSources;
  let test: TestRedis;
  beforeAll(async () => void (libs = await compiledSources('libs')));
  afterAll(() => libs.remove());
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  /** Starts a pool in a process with these flags of Node, waits for a beat of its thread, and stops it. */
  async function outputWith(...flags: string[]): Promise<string> {
    const file = libs.file('application.ts');
    await writeFile(
      file,
      `const { WorkerPool } = require('./libs/engine/index.js');
       const redis = new (require('ioredis').Redis)(${JSON.stringify(test.url)});
       const report = (event) => event.type === 'warning' && console.log(event.message);
       const options = { namespace: ${JSON.stringify(test.namespace)}, connection: ${JSON.stringify(test.url)}, report };
       const pool = new WorkerPool(options).job('mail', {}, () => undefined);
       (async () => {
         await pool.start();
         const heartbeat = ${JSON.stringify(test.keyspace.workerPools)} + ':' + pool.poolId;
         await redis.del(heartbeat);
         while ((await redis.exists(heartbeat)) === 0) await new Promise(setImmediate);
         await pool.stop();
         redis.disconnect();
         console.log('done');
       })();`,
    );
    const { stdout } = spawnSync(process.execPath, [...flags, file], { encoding: 'utf8', timeout: 15_000 });
    return stdout;
  }

  it('does not load a second time what the process was started with', async () => {
    const instrumentation = libs.file('instrumentation.ts');
    await writeFile(instrumentation, `console.log('loaded in thread ' + require('node:worker_threads').threadId);`);
    expect(await outputWith('--import', instrumentation, '--require', instrumentation)).toBe(
      'loaded in thread 0\ndone\n',
    );
  });

  it('runs in a process that is debugged, or has flags that a thread refuses', async () => {
    expect(await outputWith('--inspect=0', '--max-old-space-size=256', '--tls-min-v1.0')).toBe('done\n');
  });
});
