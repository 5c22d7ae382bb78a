import { setTimeout as pause } from 'node:timers/promises';
import type { AnnouncedJob, Announcement, FateBoard } from './fate-board.js';
import type { HttpApi } from './http-api.js';

const LOOK_MS = 200;
const MAX_BODY_WIDTH = 64;

const user = { email: 'ada@example.com', name: 'Ada' };
const contacts = { emails: Array.from({ length: 100 }, (_, row) => `contact-${row + 1}@example.com`) };
const payload = { event: 'user.created' };

/** What users do: each kind of job is enqueued over HTTP, with what is expected of it. */
export class Scenario {
  constructor(
    private readonly api: HttpApi,
    private readonly board: FateBoard,
  ) {}

  /** @param webhooks address of the server that receives them */
  async enqueueAll(webhooks: string): Promise<void> {
    this.#expectReport();
    await this.#post('send_welcome', '/users', user, 'welcomeMail');
    const started = await this.#post('import_contacts', '/imports', contacts, 'import');
    void this.#showProgress(started).catch(() => undefined); // the application is closed, and nobody looks any more
    await this.#post('deliver_webhook', '/webhooks', { url: `${webhooks}/shaky`, payload }, 'webhook');
    await this.#post('deliver_webhook', '/webhooks', { url: `${webhooks}/broken`, payload }, 'webhook', 'dead');
    await this.#reindexTwice();
  }

  #expectReport(): void {
    const matches = ({ jobId }: { readonly jobId: string }) => jobId.startsWith('periodic:nightly_report:');
    this.board.expect({ what: 'nightly_report', fate: 'succeeded', matches });
  }

  #post(job: string, path: string, body: object, idField: string, fate: Announcement['fate'] = 'succeeded') {
    const text = `POST ${path} ${shortened(JSON.stringify(body))}`;
    const enqueue = async () => String((await this.api.post(path, body))[idField]);
    return this.board.announce({ job, text, fate, enqueue });
  }

  async #reindexTwice(): Promise<void> {
    const index = { index: 'users' };
    const { id } = await this.#post('reindex', '/reindex', index, 'reindex');
    const { alreadyWaiting } = await this.api.post('/reindex', index);
    if (alreadyWaiting !== true) throw new Error('The second reindex should have found the first one waiting.');
    this.board.say('reindex', id, 'asked for again: is unique, and waits already');
  }

  async #showProgress(job: AnnouncedJob): Promise<void> {
    for (let last = ''; job.isOpen(); await pause(LOOK_MS)) {
      const { progress } = await this.api.get(`/imports/${job.id}`);
      if (typeof progress !== 'string' || progress === last) continue;
      this.board.say('import_contacts', job.id, progress);
      last = progress;
    }
  }
}

const shortened = (text: string): string =>
  text.length > MAX_BODY_WIDTH ? `${text.slice(0, MAX_BODY_WIDTH)} …` : text;
