import { describeRedis } from '../../test/support/index.js';
import { DemoProcess, type DemoEnd } from './support/demo-process.js';

const TIMEOUT_MS = 300_000;
const redisUrl = process.env['NESTJS_WORK_TEST_REDIS'] ?? '';

async function demo(...args: readonly string[]): Promise<DemoEnd> {
  return await (await DemoProcess.start(redisUrl, ...args)).ended();
}

/** A line of the board: time, mark, job, the beginning of an id, and what happened. */
const line = (mark: string, job: string, text: string): RegExp =>
  new RegExp(String.raw`^\d\d:\d\d:\d\d  ${mark} ${job} +(?:[0-9a-f]{8}|periodic)  ${text}$`, 'm');

const LINES: readonly (readonly [mark: string, job: string, text: string])[] = [
  ['→', 'send_welcome', 'POST /users {"email":"ada@example.com","name":"Ada"}'],
  ['·', 'send_welcome', String.raw`wrote .+/welcome-[0-9a-f]{24}\.eml`],
  ['✔', 'send_welcome', String.raw`attempt 1 succeeded in \d+ ms`],
  ['·', 'import_contacts', String.raw`\d+ of 100 rows`],
  ['✔', 'import_contacts', String.raw`attempt 1 succeeded in \d+ ms`],
  ['↻', 'deliver_webhook', String.raw`attempt 1 failed in \d+ ms, next one at [\d:]{8}: .+/shaky answered 503`],
  ['↻', 'deliver_webhook', String.raw`attempt 2 failed in \d+ ms, next one at [\d:]{8}: .+/shaky answered 503`],
  ['✔', 'deliver_webhook', String.raw`attempt 3 succeeded in \d+ ms`],
  ['✘', 'deliver_webhook', String.raw`attempt 3 failed in \d+ ms, kept in the dead set: .+/broken answered 500`],
  ['·', 'reindex', 'asked for again: is unique, and waits already'],
  ['✔', 'reindex', String.raw`attempt 1 succeeded in \d+ ms`],
  ['✔', 'nightly_report', String.raw`attempt 1 succeeded in \d+ ms`],
];

describeRedis('The demo', () => {
  afterEach(() => DemoProcess.killAll(), TIMEOUT_MS);

  it(
    'shows what becomes of each kind of job, and ends well when every one met its expected fate',
    async () => {
      const { code, output, complaints, leftFiles } = await demo('--once');
      for (const [mark, job, text] of LINES) expect(output).toMatch(line(mark, job, text));
      expect(output).toMatch(/^The sample application listens at http:\/\/127\.0\.0\.1:\d+$/m);
      expect(output.trimEnd().split('\n').at(-1)).toBe('Every job met its expected fate.');
      expect(output).not.toMatch(/^!|\[Nest\]/m);
      expect({ code, complaints, leftFiles }).toEqual({ code: 0, complaints: '', leftFiles: [] });
    },
    TIMEOUT_MS,
  );

  it(
    'runs a job of the command line too',
    async () => {
      const { code, output } = await demo('--once', '--job', 'reindex', '--args', '{"index":"contacts"}');
      expect(output).toMatch(line('→', 'reindex', 'yours: {"index":"contacts"}'));
      expect(output).toMatch(line('·', 'reindex', 'index contacts rebuilt'));
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'ends with 1 where that job meets another fate than success',
    async () => {
      const args = JSON.stringify({ url: `${redisUrl.replace('redis:', 'http:')}/`, payload: {} });
      const { code, output } = await demo('--once', '--job', 'deliver_webhook', '--args', args);
      expect(output).toMatch(/^Unexpected: deliver_webhook [0-9a-f]{24}: expected succeeded, was dead$/m);
      expect(output).not.toContain('Every job met its expected fate.');
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'says what may be typed, and does no more',
    async () => {
      const { code, output, complaints } = await demo('--help');
      expect(output).toMatch(/^Usage: npm run demo/m);
      expect(output).not.toMatch(/Redis:|listens at/);
      expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
    },
    TIMEOUT_MS,
  );

  it(
    'refuses a job that does not exist also where it would go on',
    async () => {
      const { code, complaints } = await demo('--job', 'send_welcom');
      expect(complaints).toMatch(/^There is no job "send_welcom" here\.$/m);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it.each([
    [
      'arguments that the job refuses',
      ['--job', 'send_welcome', '--args', '{"to":"ada"}'],
      /args\.to must be an email/,
    ],
    [
      'a job that does not exist',
      ['--job', 'send_welcom'],
      /^There is no job "send_welcom" here\.\n\nUsage:[^]+ send_welcome, import_contacts, deliver_webhook, reindex$/m,
    ],
    ['arguments that are no JSON', ['--job', 'reindex', '--args', '{index}'], /--args is no JSON: .+\n\nUsage:/],
    ['arguments that are no object', ['--job', 'reindex', '--args', '[1]'], /--args must be a JSON object, not \[1\]/],
    ['arguments of no job', ['--args', '{}'], /--args needs --job NAME\.\n\nUsage:/],
    ['an option that does not exist', ['--twice'], /Unknown option '--twice'/],
  ])(
    'ends with 1 and says what is wrong with %s',
    async (_, args, complaint) => {
      const end = await demo('--once', ...args);
      expect(end.complaints).toMatch(complaint);
      expect(end.complaints).not.toMatch(/^ +at /m);
      expect(end.output).not.toContain('→');
      expect({ code: end.code, leftFiles: end.leftFiles }).toEqual({ code: 1, leftFiles: [] });
    },
    TIMEOUT_MS,
  );

  it.each([
    ['goes on until Ctrl-C, and ends well', [], 'Ctrl-C ends it', 0],
    ['ends with 130 where Ctrl-C comes before its end', ['--once'], '· import_contacts', 130],
  ] as const)(
    '%s, with jobs that run led to their end and nothing left behind',
    async (_, args, shown, expectedCode) => {
      const process = await DemoProcess.start(redisUrl, ...args);
      await process.shows(shown);
      process.signal('SIGINT');
      const { code, output, complaints, leftFiles } = await process.ended();
      expect(output).toMatch(line('✔', 'import_contacts', String.raw`attempt 1 succeeded in \d+ ms`));
      expect(output.trimEnd().split('\n').at(-1)).toBe('Stopped.');
      expect({ code, complaints, leftFiles }).toEqual({ code: expectedCode, complaints: '', leftFiles: [] });
    },
    TIMEOUT_MS,
  );
});
