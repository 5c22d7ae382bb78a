import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { Job } from 'nestjs-work';
import { describeRedis, testRedis, waitFor, type TestRedis } from '../support/index.js';
import { startApp, type WorkApp } from './support/work-app.js';

const ran: string[] = [];

@Injectable()
class Handlers {
  @Job('mail', { args: null })
  mail() {
    ran.push('mail');
  }
}

describeRedis('a job that a Go pool sent to dead, not knowing its type', () => {
  let test: TestRedis;
  let built: WorkApp | undefined;
  beforeEach(async () => {
    test = testRedis();
    ran.length = 0;
    const buried = { name: 'mail', id: 'a', t: 1, args: null, err: 'unknown job when requeueing', failed_at: 2 };
    await test.redis.zadd(test.keyspace.dead, 2, JSON.stringify(buried));
  });
  afterEach(async () => {
    await built?.app.close();
    await test.close();
  });

  it('runs in an application that has it and brings such jobs back, and is told in its log', async () => {
    const options = { namespace: test.namespace, connection: test.url, retryUnknownJobs: true };
    built = await startApp(options, { providers: [Handlers] });
    await waitFor('its run', () => ran.length === 1);
    expect(built.logs.matching(/^warn .*Jobs that a pool of gocraft\/work sent .* mail, run again: 1\./)).toHaveLength(
      1,
    );
    expect(await test.redis.zcard(test.keyspace.dead)).toBe(0);
  });
});
