import { describeRedis } from '../../test/support/index.js';
import { sampleInTest } from './support/sample-in-test.js';
import { ScriptedServer } from './support/scripted-server.js';

const payload = { event: 'user.created', user: { name: 'Ada' } };

describeRedis('A webhook', () => {
  const sample = sampleInTest();
  let server: ScriptedServer;
  beforeEach(() => void (server = new ScriptedServer()));
  afterEach(() => server.close());

  /** Asks for the delivery of a webhook to a server that answers so. */
  async function deliver(...statuses: readonly number[]): Promise<string> {
    server.answerWith(statuses);
    const { body } = await sample.service.http
      .post('/webhooks')
      .send({ url: await server.listen(), payload })
      .expect(201);
    return (body as { webhook: string }).webhook;
  }

  it('is delivered with the id of its job, by which its receiver knows it again', async () => {
    const id = await deliver(200);
    expect(await sample.service.fates(id)).toEqual([{ kind: 'succeeded' }]);
    expect(server.received).toEqual([{ method: 'POST', idempotencyKey: id, body: payload }]);
  });

  it('that its receiver refuses is delivered again a second later, and two seconds after that', async () => {
    const id = await deliver(503, 503, 200);
    const [first, second, third] = await sample.service.fates(id, 3);
    expect([first, second].map((outcome) => backoffSeconds(outcome))).toEqual([1, 2]);
    expect(third).toEqual({ kind: 'succeeded' });
    expect(server.received).toHaveLength(3);
    expect(new Set(server.received.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([id]));
  });

  it('that its receiver refuses three times is kept in the dead set, with what the receiver said', async () => {
    const id = await deliver(500);
    const [, , third] = await sample.service.fates(id, 3);
    expect(third).toMatchObject({ kind: 'dead', failure: { fails: 3 } });
    const dead = await sample.service.firstDead();
    expect(dead).toMatchObject({ id, name: 'deliver_webhook', fails: 3, args: { payload } });
    expect(dead.err).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hook answered 500$/);
  });

  it('that its receiver wants no more of is not tried again', async () => {
    const id = await deliver(410);
    expect(await sample.service.fates(id)).toMatchObject([{ kind: 'dead', failure: { fails: 1 } }]);
    expect((await sample.service.firstDead()).err).toMatch(/hook wants no more webhooks$/);
  });

  it('to what is no address is refused', async () => {
    const { body } = await sample.service.http.post('/webhooks').send({ url: 'somewhere', payload }).expect(400);
    expect(body).toMatchObject({ message: ['url must be a URL address'] });
    expect(await sample.queueLength('deliver_webhook')).toBe(0);
  });
});

function backoffSeconds(outcome: unknown): number | undefined {
  const { runAt, failure } = outcome as { runAt: number; failure: { at: number } };
  return runAt - failure.at;
}
