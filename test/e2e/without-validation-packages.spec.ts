import 'reflect-metadata';
import { Enqueuer, Job } from 'nestjs-work';
import { describeRedis, testRedis, type TestRedis } from '../support/index.js';
import { startApp } from './support/work-app.js';

jest.mock('class-validator', () => {
  throw Object.assign(new Error("Cannot find module 'class-validator'"), { code: 'MODULE_NOT_FOUND' });
});

class MailDto {
  to!: string;
}

describeRedis('Without class-validator', () => {
  let test: TestRedis;
  beforeEach(() => void (test = testRedis()));
  afterEach(() => test.close());

  it('arguments pass as they are, and the start says so once', async () => {
    class Jobs {
      @Job('mail')
      send(_args: MailDto) {}
      @Job('other')
      other(_args: MailDto) {}
    }
    const { app, logs } = await startApp(
      { namespace: test.namespace, connection: test.url, worker: false },
      { providers: [Jobs] },
    );
    expect(logs.matching(/No arguments are validated: install class-validator and class-transformer/)).toHaveLength(1);
    await app.get(Enqueuer).enqueue('mail', { to: 7 });
    expect(await test.redis.llen(test.keyspace.queue('mail'))).toBe(1);
    await app.close();
  });
});
