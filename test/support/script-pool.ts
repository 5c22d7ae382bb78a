import {
  settleAndFetch,
  type KnownReply,
  type SettleAndFetchCall,
  type SettleAndFetchReply,
  type Settlement,
} from '#store';
import type { TestRedis } from './test-redis.js';

/** A pool that calls settle-and-fetch as the test says, without a Fetcher; its one queue is "mail". */
export class ScriptPool {
  readonly poolId = 'b0'.repeat(12);
  #number = 0;

  constructor(private readonly test: TestRedis) {}

  async join(): Promise<void> {
    await this.test.redis.sadd(this.test.keyspace.workerPools, this.poolId);
  }

  send(call: Partial<SettleAndFetchCall>): Promise<SettleAndFetchReply> {
    this.#number += 1;
    return settleAndFetch(this.test.redis, this.test.keyspace, {
      poolId: this.poolId,
      number: this.#number,
      wanted: 0,
      ahead: 0,
      seed: 1,
      queues: [{ name: 'mail', priority: 1 }],
      settles: [],
      ...call,
    });
  }

  async known(call: Partial<SettleAndFetchCall>): Promise<KnownReply> {
    return (await this.send(call)) as KnownReply;
  }

  push(...jobs: (string | Buffer)[]): Promise<number> {
    return this.test.redis.lpush(this.test.keyspace.queue('mail'), ...jobs);
  }

  waiting(): Promise<string[]> {
    return this.test.redis.lrange(this.test.keyspace.queue('mail'), 0, -1);
  }

  inProgress(): Promise<string[]> {
    return this.test.redis.lrange(this.test.keyspace.inProgress('mail', this.poolId), 0, -1);
  }

  lock(): Promise<string | null> {
    return this.test.redis.get(this.test.keyspace.lock('mail'));
  }

  /** Of this pool, in lock_info. */
  held(): Promise<string | null> {
    return this.test.redis.hget(this.test.keyspace.lockInfo('mail'), this.poolId);
  }
}

export function settleOf(job: string, settlement: Settlement = { kind: 'succeeded' }) {
  return { queueName: 'mail', bytes: Buffer.from(job), settlement };
}

export function textsOf({ jobs }: KnownReply): string[] {
  return jobs.map(({ bytes }) => String(bytes));
}
