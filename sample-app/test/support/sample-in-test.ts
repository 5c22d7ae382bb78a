import { testRedis, type TestRedis } from '../../../test/support/index.js';
import { SampleService, type ServiceSettings } from './sample-service.js';

/** The sample application of one test. */
export interface SampleInTest {
  readonly service: SampleService;
  /** Starts another one over the same Redis; the former is to be stopped by the test. */
  startAgain(): Promise<void>;
  /** Jobs of this name that wait. */
  queueLength(jobName: string): Promise<number>;
  /** Enqueues a job as another program does that knows nothing of our checks. */
  push(jobName: string, job: object): Promise<void>;
}

/** Starts the sample application for each test of a block, in a namespace of its own, and stops it after the test. */
export function sampleInTest(settings: ServiceSettings = {}, openRedis: () => TestRedis = testRedis): SampleInTest {
  let test: TestRedis;
  let service: SampleService;
  const startAgain = async () => void (service = await SampleService.start(test, settings));
  beforeEach(async () => {
    test = openRedis();
    await startAgain();
  });
  afterEach(async () => {
    await service.stop();
    await test.close();
  });
  return {
    get service() {
      return service;
    },
    startAgain,
    queueLength: (jobName) => test.redis.llen(test.keyspace.queue(jobName)),
    push: async (jobName, job) => void (await test.redis.lpush(test.keyspace.queue(jobName), JSON.stringify(job))),
  };
}
