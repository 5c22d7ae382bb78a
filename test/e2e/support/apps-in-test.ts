import type { Provider } from '@nestjs/common';
import { testRedis, type TestRedis } from '../../support/index.js';
import { startApp, type GivenOptions, type WorkApp } from './work-app.js';

export interface AppsInTest {
  /** Of the test that runs. */
  readonly redis: TestRedis;
  /** For the namespace of the test; any job may be enqueued. */
  options(more?: GivenOptions): GivenOptions & { readonly namespace: string };
  /** Starts an application with one `WorkModule.forRoot`, which is closed when the test ends. */
  start(providers: readonly Provider[], more?: GivenOptions): Promise<WorkApp>;
}

/** Gives each test of the `describe` around it a namespace of its own. */
export function appsInTest(): AppsInTest {
  let redis: TestRedis;
  const open: WorkApp[] = [];
  beforeEach(() => void (redis = testRedis()));
  afterEach(async () => {
    for (const { app } of open.splice(0)) await app.close();
    await redis.close();
  });
  const options = (more: GivenOptions = {}) => ({
    namespace: redis.namespace,
    connection: redis.url,
    knownJobs: 'any' as const,
    ...more,
  });
  return {
    get redis() {
      return redis;
    },
    options,
    async start(providers, more) {
      const started = await startApp(options(more), { providers: [...providers] });
      open.push(started);
      return started;
    },
  };
}
