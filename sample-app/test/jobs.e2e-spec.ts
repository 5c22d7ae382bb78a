import { describeRedis, testRedis } from '../../test/support/index.js';
import { sampleInTest } from './support/sample-in-test.js';
import { SampleService } from './support/sample-service.js';

describeRedis('The sample application', () => {
  const sample = sampleInTest();

  it('shows its queues, and how many jobs are scheduled, retrying and dead', async () => {
    await sample.service.client.pause('send_welcome');
    await sample.service.enqueuer.enqueue('send_welcome', { to: 'ada@example.com', name: 'Ada' });
    await sample.service.enqueuer.enqueueIn('send_welcome', '1h', { to: 'bob@example.com', name: 'Bob' });
    const { body } = await sample.service.http.get('/jobs').expect(200);
    expect(body).toMatchObject({ scheduled: 1, retry: 0, dead: 0 });
    const { queues } = body as { queues: { jobName: string; count: number; isPaused: boolean }[] };
    expect(queues.find(({ jobName }) => jobName === 'send_welcome')).toMatchObject({ count: 1, isPaused: true });
    const names = ['deliver_webhook', 'import_contacts', 'nightly_report', 'reindex', 'send_welcome'];
    expect(queues.map(({ jobName }) => jobName)).toEqual(names);
  });

  it('says how long each job took', async () => {
    const { id } = await sample.service.enqueuer.enqueue('reindex', { index: 'users' });
    await sample.service.fates(id);
    expect(sample.service.logs.matching(/\[JobTimer\] reindex [0-9a-f]{24} took \d+ ms/)).toHaveLength(1);
  });

  it('starts and stops without a warning', async () => {
    await sample.service.app.close();
    // Only what is built has a file for the thread.
    const isOfBuilds = (line: string) => line.includes('heartbeat runs on the application');
    expect(sample.service.logs.matching(/^(warn|error|fatal)/).filter((line) => !isOfBuilds(line))).toEqual([]);
  });
});

describeRedis('The sample application, with a setting that is no number', () => {
  it('does not start, and names the setting', async () => {
    const test = testRedis();
    const start = SampleService.start(test, { WORK_CONCURRENCY: 'ten' });
    await expect(start).rejects.toThrow('WORK_CONCURRENCY must be a number, and is "ten".');
    await test.close();
  });
});
