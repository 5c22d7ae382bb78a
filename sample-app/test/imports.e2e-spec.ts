import { WorkerPool } from 'nestjs-work';
import { describeRedis, waitFor } from '../../test/support/index.js';
import { ContactBook } from '../imports/contact-book.js';
import { sampleInTest } from './support/sample-in-test.js';

interface Progress {
  readonly running: boolean;
  readonly progress: string | null;
  readonly contacts: number;
}

const emails = (count: number) => Array.from({ length: count }, (_, row) => `contact-${row}@example.com`);

describeRedis('An import of contacts', () => {
  const sample = sampleInTest({ WORK_GRACE_PERIOD_MS: '0' });

  async function start(count: number): Promise<string> {
    const { body } = await sample.service.http
      .post('/imports')
      .send({ emails: emails(count) })
      .expect(201);
    return (body as { import: string }).import;
  }

  async function progressOf(id: string): Promise<Progress> {
    return (await sample.service.http.get(`/imports/${id}`).expect(200)).body as Progress;
  }

  it('shows how far it is while it runs, and its contacts when it has ended', async () => {
    const id = await start(100);
    const shown = await waitFor('a row that is shown', async () => {
      const progress = await progressOf(id);
      return /^\d+ of 100 rows$/.test(progress.progress ?? '') && progress;
    });
    expect(shown.running).toBe(true);
    expect(await sample.service.fates(id)).toEqual([{ kind: 'succeeded' }]);
    const ended = await waitFor('its end', async () => {
      const progress = await progressOf(id);
      return !progress.running && progress;
    });
    expect(ended).toEqual({ running: false, progress: null, contacts: 100 });
  });

  it('that a stop interrupts goes back to its queue and runs again, with no attempt spent', async () => {
    const id = await start(60);
    await waitFor('the first row', async () => (await progressOf(id)).contacts > 0);
    const stopped = sample.service;
    await stopped.stop();
    expect(await stopped.fates(id)).toEqual([{ kind: 'interrupted' }]);
    expect(await sample.queueLength('import_contacts')).toBe(1);

    await sample.startAgain();
    expect(await sample.service.runs(id)).toMatchObject([{ attempt: 1, outcome: { kind: 'succeeded' } }]);
    expect((await progressOf(id)).contacts).toBe(60);
  });

  it('that was interrupted passes over the rows that are there', async () => {
    const [book, pool] = [sample.service.app.get(ContactBook), sample.service.app.get(WorkerPool)];
    const id = await start(50);
    await waitFor('some rows', () => book.size > 2);
    await pool.stop({ gracePeriodMs: 0 });
    const added = jest.spyOn(book, 'add');
    const sizeBefore = book.size;
    await pool.start();
    expect(await sample.service.fates(id, 2)).toEqual([{ kind: 'interrupted' }, { kind: 'succeeded' }]);
    expect(added).toHaveBeenCalledTimes(50 - sizeBefore);
  });

  it('adds a contact once, however often it is imported', async () => {
    await sample.service.fates(await start(3));
    await sample.service.fates(await start(5));
    expect((await progressOf('none')).contacts).toBe(5);
  });

  it.each([
    ['without an address', { emails: [] }, 'emails should not be empty'],
    ['with an address that is none', { emails: ['ada'] }, 'each value in emails must be an email'],
    ['without a list', {}, 'emails must be an array'],
    ['of too many', { emails: emails(1_001) }, 'emails must contain no more than 1000 elements'],
  ])('%s is refused', async (_, sent, complaint) => {
    const { body } = await sample.service.http.post('/imports').send(sent).expect(400);
    expect((body as { message: string[] }).message).toContain(complaint);
    expect(await sample.queueLength('import_contacts')).toBe(0);
  });
});
