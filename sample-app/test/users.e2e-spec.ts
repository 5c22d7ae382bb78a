import { describeRedis, ownRedis, testRedis, type OwnRedis } from '../../test/support/index.js';
import { sampleInTest } from './support/sample-in-test.js';

describeRedis('A user who signs up', () => {
  const sample = sampleInTest();

  it('is answered with the id of the welcome mail, which a worker writes', async () => {
    const { body } = await sample.service.http
      .post('/users')
      .send({ email: 'ada@example.com', name: 'Ada' })
      .expect(201);
    expect(body).toEqual({ welcomeMail: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const { welcomeMail } = body as { welcomeMail: string };
    expect(await sample.service.fates(welcomeMail)).toEqual([{ kind: 'succeeded' }]);
    expect([...(await sample.service.mails())]).toEqual([
      [`welcome-${welcomeMail}.eml`, 'To: ada@example.com\nSubject: Welcome, Ada!\n\nGood to have you here.\n'],
    ]);
  });

  it('without a usable address is answered with what is wrong, and nothing is enqueued', async () => {
    const { body } = await sample.service.http.post('/users').send({ email: 'ada', name: '' }).expect(400);
    expect(body).toMatchObject({
      message: ['email must be an email', 'name must be longer than or equal to 1 characters'],
    });
    expect(await sample.queueLength('send_welcome')).toBe(0);
    expect((await sample.service.mails()).size).toBe(0);
  });

  it('cannot write headers of the mail', async () => {
    const name = 'Ada\nBcc: everybody@example.com';
    const { body } = await sample.service.http.post('/users').send({ email: 'ada@example.com', name }).expect(400);
    expect(body).toMatchObject({ message: ['name must be one line'] });
  });

  it('through a service that checks no address gets no mail: the job is kept in the dead set, with what is wrong', async () => {
    const job = { name: 'send_welcome', id: '5f3c', t: 1_700_000_000, args: { to: 'ada', name: 'Ada' } };
    await sample.push('send_welcome', job);
    expect(await sample.service.firstDead()).toMatchObject({
      id: '5f3c',
      err: expect.stringMatching(/to must be an email/),
    });
    expect((await sample.service.mails()).size).toBe(0);
  });
});

describeRedis('A user who signs up while Redis does not answer', () => {
  let server: OwnRedis;
  beforeEach(async () => void (server = await ownRedis()));
  afterEach(() => server.thaw());
  const sample = sampleInTest({ WORK_ENQUEUE_TIMEOUT_MS: '100' }, () => testRedis(server.url));
  beforeEach(() => server.freeze());
  afterEach(() => server.kill());

  it('is asked to try again later, and the log says why', async () => {
    const { body } = await sample.service.http
      .post('/users')
      .send({ email: 'ada@example.com', name: 'Ada' })
      .expect(503);
    expect(body).toMatchObject({ statusCode: 503, message: 'Please try again later.' });
    expect(sample.service.logs.matching(/^error \[EnqueueErrorFilter\] .*"send_welcome"/)).toHaveLength(1);
  });
});
