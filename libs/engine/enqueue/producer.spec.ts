import { describeRedis, testRedis, type TestRedis } from '../../../test/support/index.js';
import { CallClock } from './call-clock.js';
import { EnqueueRefusedError } from './enqueue-errors.js';
import { KnownJobs } from './known-jobs.js';
import { LastTrouble } from '../last-trouble.js';
import { PendingCall } from './pending-call.js';
import { Producer } from './producer.js';

describeRedis('Producer', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  function failureOf(knownJobs: Partial<KnownJobs>, has: () => boolean = () => false): Promise<unknown> {
    const { redis, keyspace, namespace } = test;
    const known = Object.assign(new KnownJobs(namespace, { has }), knownJobs);
    const common = { redis, keyspace, clock: new CallClock(), trouble: new LastTrouble(redis), json: {} };
    const producer = new Producer({ ...common, timeoutMs: 5_000, knownJobs: known, onAnswers: () => undefined });
    const call = new PendingCall([{ id: 'x', name: 'mail', argsJson: '{}' }], performance.now());
    producer.add(call);
    return call.settled.catch((error: unknown) => error);
  }

  it('tells at once what the look into the known jobs throws', async () => {
    const bug = new TypeError('a bug');
    const has = () => {
      throw bug;
    };
    expect(await failureOf({}, has)).toBe(bug);
  });

  it('tells an error of its own as it is, and one of Redis as a refusal', async () => {
    const bug = new TypeError('a bug');
    const refusalOf = () => {
      throw bug;
    };
    expect(await failureOf({ refusalOf })).toBe(bug);
    await test.redis.set(test.keyspace.knownJobs, 'no set');
    expect(await failureOf({ refusalOf })).toBeInstanceOf(EnqueueRefusedError);
  });
});
