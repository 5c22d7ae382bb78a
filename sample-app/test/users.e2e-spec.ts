import { describeRedis, testRedis, type TestRedis } from '../../test/support/index.js';
import { SampleService } from './support/sample-service.js';

describeRedis('A user who signs up', () => {
  let test: TestRedis;
  let service: SampleService;
  beforeEach(async () => {
    test = testRedis();
    service = await SampleService.start(test);
  });
  afterEach(async () => {
    await service.stop();
    await test.close();
  });

  it('is answered with the id of the welcome mail, which a worker writes', async () => {
    const { body } = await service.http.post('/users').send({ email: 'ada@example.com', name: 'Ada' }).expect(201);
    expect(body).toEqual({ welcomeMail: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const { welcomeMail } = body as { welcomeMail: string };
    expect(await service.fates(welcomeMail)).toEqual([{ kind: 'succeeded' }]);
    expect([...(await service.mails())]).toEqual([
      [`welcome-${welcomeMail}.eml`, 'To: ada@example.com\nSubject: Welcome, Ada!\n\nGood to have you here.\n'],
    ]);
  });

  it('without a usable address is answered with what is wrong, and nothing is enqueued', async () => {
    const { body } = await service.http.post('/users').send({ email: 'ada', name: '' }).expect(400);
    expect(body).toMatchObject({
      message: ['email must be an email', 'name must be longer than or equal to 1 characters'],
    });
    expect(await test.redis.exists(test.keyspace.queue('send_welcome'))).toBe(0);
    expect((await service.mails()).size).toBe(0);
  });

  it('through a service that checks no address gets no mail: the job is kept in the dead set, with what is wrong', async () => {
    const job = { name: 'send_welcome', id: '5f3c', t: 1_700_000_000, args: { to: 'ada', name: 'Ada' } };
    await test.redis.lpush(test.keyspace.queue('send_welcome'), JSON.stringify(job));
    expect(await service.firstDead()).toMatchObject({ id: '5f3c', err: expect.stringMatching(/to must be an email/) });
    expect((await service.mails()).size).toBe(0);
  });
});
