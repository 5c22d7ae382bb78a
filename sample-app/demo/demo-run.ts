import type { INestApplication } from '@nestjs/common';
import { Enqueuer, UnknownJobError } from 'nestjs-work';
import { once } from 'node:events';
import { UsageError, type DemoArguments, type OwnJob } from './demo-arguments.js';
import type { FateBoard } from './fate-board.js';
import { HttpApi } from './http-api.js';
import { Scenario } from './scenario.js';

const GIVE_UP_MS = 60_000;

/** What the demo shows of one application that is created and not started yet. */
export class DemoRun {
  constructor(
    private readonly app: INestApplication,
    private readonly board: FateBoard,
    private readonly print: (line: string) => void,
    private readonly interrupted: AbortSignal,
  ) {}

  /**
   * Resolves when all is shown, or at Ctrl-C where the demo goes on.
   *
   * @param webhooks address of the server that receives them
   */
  async show({ once: endsItself, own }: DemoArguments, webhooks: string): Promise<void> {
    const api = await this.#listen();
    if (own) await this.#enqueueOwn(own);
    await new Scenario(api, this.board).enqueueAll(webhooks);
    await this.#untilSettled();
    if (endsItself) return;
    this.board.tellVerdict();
    await this.#goOn(api);
  }

  async #listen(): Promise<HttpApi> {
    await this.app.listen(0, '127.0.0.1');
    const url = await this.app.getUrl();
    this.print(`\nThe sample application listens at ${url}`);
    this.print(`Its mails and reports go to ${process.env['OUTBOX']}\n`);
    return new HttpApi(url, this.interrupted);
  }

  /** Before anything else, so that what is wrong with it is said at once. */
  async #enqueueOwn({ name, args }: OwnJob): Promise<void> {
    const enqueue = async () => (await this.app.get(Enqueuer).enqueue(name, args)).id;
    try {
      await this.board.announce({ job: name, text: `yours: ${JSON.stringify(args)}`, fate: 'succeeded', enqueue });
    } catch (error) {
      if (error instanceof UnknownJobError) throw new UsageError(`There is no job "${name}" here.`, { cause: error });
      throw error;
    }
  }

  async #untilSettled(): Promise<void> {
    const enough = AbortSignal.any([this.interrupted, AbortSignal.timeout(GIVE_UP_MS)]);
    await this.board.untilSettled(enough).catch(() => this.interrupted.throwIfAborted());
  }

  /** Keeps the application up, with its periodic report, until Ctrl-C. */
  async #goOn({ url }: HttpApi): Promise<void> {
    this.print('\nIt goes on running; Ctrl-C ends it. Try:\n');
    this.print(`  curl ${url}/users -H 'content-type: application/json' -d '{"email":"you@example.com","name":"You"}'`);
    this.print(`  curl ${url}/jobs\n`);
    if (!this.interrupted.aborted) await once(this.interrupted, 'abort');
  }
}
