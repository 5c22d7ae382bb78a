import { describeRedis, waitFor } from '../../test/support/index.js';
import { sampleInTest } from './support/sample-in-test.js';

process.env['REPORT_CRON'] = '* * * * * *';

describeRedis('The nightly report', () => {
  const sample = sampleInTest();

  it('is written at each time of its cron expression, with what waits in every queue', async () => {
    await sample.service.client.pause('send_welcome');
    await sample.service.enqueuer.enqueue('send_welcome', { to: 'ada@example.com', name: 'Ada' });
    const reports = await waitFor('two reports that know of the mail', async () => {
      const texts = [...(await sample.service.mails())].filter(([, text]) =>
        text.includes('send_welcome: 1 waiting\n'),
      );
      return texts.length >= 2 && texts;
    });
    for (const [name] of reports) expect(name).toMatch(/^report-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.000Z\.txt$/);
  });
});
