import { describeRedis, testRedis, waitFor, type TestRedis } from '../../test/support/index.js';
import { SampleService } from './support/sample-service.js';

process.env['REPORT_CRON'] = '* * * * * *';

describeRedis('The nightly report', () => {
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

  it('is written at each time of its cron expression, with what waits in every queue', async () => {
    await service.client.pause('send_welcome');
    await service.enqueuer.enqueue('send_welcome', { to: 'ada@example.com', name: 'Ada' });
    const reports = await waitFor('two reports that know of the mail', async () => {
      const texts = [...(await service.mails())].filter(([, text]) => text.includes('send_welcome: 1 waiting\n'));
      return texts.length >= 2 && texts;
    });
    for (const [name] of reports) expect(name).toMatch(/^report-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.000Z\.txt$/);
  });
});
