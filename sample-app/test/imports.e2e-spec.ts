import { describeRedis, testRedis, waitFor, type TestRedis } from '../../test/support/index.js';
import { SampleService } from './support/sample-service.js';

interface Progress {
  readonly running: boolean;
  readonly progress: string | null;
  readonly contacts: number;
}

const emails = (count: number) => Array.from({ length: count }, (_, row) => `contact-${row}@example.com`);

describeRedis('An import of contacts', () => {
  let test: TestRedis;
  let service: SampleService;
  beforeEach(async () => {
    test = testRedis();
    service = await SampleService.start(test, { gracePeriodMs: 0 });
  });
  afterEach(async () => {
    await service.stop();
    await test.close();
  });

  async function start(count: number): Promise<string> {
    const { body } = await service.http
      .post('/imports')
      .send({ emails: emails(count) })
      .expect(201);
    return (body as { import: string }).import;
  }

  async function progressOf(id: string): Promise<Progress> {
    return (await service.http.get(`/imports/${id}`).expect(200)).body as Progress;
  }

  it('shows how far it is while it runs, and its contacts when it has ended', async () => {
    const id = await start(100);
    const shown = await waitFor('a row that is shown', async () => {
      const progress = await progressOf(id);
      return /^\d+ of 100 rows$/.test(progress.progress ?? '') && progress;
    });
    expect(shown.running).toBe(true);
    expect(await service.fates(id)).toEqual([{ kind: 'succeeded' }]);
    const ended = await waitFor('its end', async () => {
      const progress = await progressOf(id);
      return !progress.running && progress;
    });
    expect(ended).toEqual({ running: false, progress: null, contacts: 100 });
  });

  it('that a stop interrupts goes back to its queue and runs again, with no attempt spent', async () => {
    const id = await start(150);
    await waitFor('the first row', async () => (await progressOf(id)).contacts > 0);
    const stopped = service;
    await stopped.stop();
    expect(await stopped.fates(id)).toEqual([{ kind: 'interrupted' }]);
    expect(await test.redis.llen(test.keyspace.queue('import_contacts'))).toBe(1);

    service = await SampleService.start(test);
    expect(await service.runs(id)).toMatchObject([{ attempt: 1, outcome: { kind: 'succeeded' } }]);
    expect((await progressOf(id)).contacts).toBe(150);
  });

  it('adds a contact once, however often it is imported', async () => {
    await service.fates(await start(3));
    await service.fates(await start(5));
    expect((await progressOf('none')).contacts).toBe(5);
  });

  it.each([
    ['without an address', { emails: [] }, 'emails should not be empty'],
    ['with an address that is none', { emails: ['ada'] }, 'each value in emails must be an email'],
    ['without a list', {}, 'emails must be an array'],
  ])('%s is refused', async (_, sent, complaint) => {
    const { body } = await service.http.post('/imports').send(sent).expect(400);
    expect((body as { message: string[] }).message).toContain(complaint);
    expect(await test.redis.exists(test.keyspace.queue('import_contacts'))).toBe(0);
  });
});
