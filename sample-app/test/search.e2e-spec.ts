import { describeRedis } from '../../test/support/index.js';
import { sampleInTest } from './support/sample-in-test.js';

interface Reindexing {
  readonly reindex: string | null;
  readonly alreadyWaiting: boolean;
}

describeRedis('Rebuilding a search index', () => {
  const sample = sampleInTest();

  async function reindex(index: string): Promise<Reindexing> {
    return (await sample.service.http.post('/reindex').send({ index }).expect(201)).body as Reindexing;
  }

  it('is enqueued once, however often it is asked for while it waits', async () => {
    const first = await reindex('users');
    const others = await Promise.all([reindex('users'), reindex('users')]);
    expect(first).toEqual({ reindex: expect.stringMatching(/^[0-9a-f]{24}$/), alreadyWaiting: false });
    expect(others).toEqual(others.map(() => ({ reindex: null, alreadyWaiting: true })));
    expect((await sample.service.client.scheduledJobs()).count).toBe(1);
    expect(await sample.service.fates(first.reindex!)).toEqual([{ kind: 'succeeded' }]);
  });

  it('of another index waits beside it', async () => {
    expect(await reindex('users')).toMatchObject({ alreadyWaiting: false });
    expect(await reindex('contacts')).toMatchObject({ alreadyWaiting: false });
    expect((await sample.service.client.scheduledJobs()).count).toBe(2);
  });

  it('can be asked for again when it has run', async () => {
    const { reindex: id } = await reindex('users');
    await sample.service.fates(id!);
    expect(await reindex('users')).toMatchObject({ alreadyWaiting: false });
  });

  it('takes from a request what it knows of, and leaves the rest out', async () => {
    await sample.service.http.post('/reindex').send({ index: 'users', force: true }).expect(201);
    const { jobs } = await sample.service.client.scheduledJobs();
    expect(jobs.map((entry) => entry.kind === 'job' && entry.job.args)).toEqual([{ index: 'users' }]);
  });

  it('of an index that does not exist is refused', async () => {
    const { body } = await sample.service.http.post('/reindex').send({ index: 'cats' }).expect(400);
    expect(body).toMatchObject({ message: ['index must be one of the following values: users, contacts'] });
    expect((await sample.service.client.scheduledJobs()).count).toBe(0);
  });
});
