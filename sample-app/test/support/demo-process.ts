import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../../test/support/index.js';

const root = join(__dirname, '../../..');
/** It may have to build first, on a machine that is busy. */
const WITHIN_MS = 240_000;

export interface DemoEnd {
  readonly code: number | null;
  /** Standard output, without npm's own lines. */
  readonly output: string;
  readonly complaints: string;
  /** What it left in its folder for temporary files. */
  readonly leftFiles: readonly string[];
}

/** What `npm run demo` runs, with a folder for temporary files of its own. */
export class DemoProcess {
  static readonly #running = new Set<DemoProcess>();

  #output = '';
  #complaints = '';
  readonly #exited: Promise<unknown[]>;

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    private readonly temporary: string,
  ) {
    child.stdout?.on('data', (piece: Buffer) => (this.#output += String(piece)));
    child.stderr?.on('data', (piece: Buffer) => (this.#complaints += String(piece)));
    this.#exited = once(child, 'close');
    DemoProcess.#running.add(this);
  }

  /** Ends what a test that failed has left running. */
  static async killAll(): Promise<void> {
    for (const { child } of DemoProcess.#running) child.kill('SIGKILL');
    await Promise.all([...DemoProcess.#running].map((each) => each.ended()));
  }

  static async start(redisUrl: string, ...args: readonly string[]): Promise<DemoProcess> {
    const temporary = await mkdtemp(join(tmpdir(), 'nestjs-work-demo-test-'));
    const { OUTBOX: _, REPORT_CRON: __, ...environment } = process.env;
    const child = spawn(process.execPath, [join(root, '.tools/bootstrap.mjs'), 'demo', ...args], {
      cwd: root,
      env: { ...environment, NODE_ENV: 'development', REDIS_URL: redisUrl, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new DemoProcess(child, temporary);
  }

  async shows(text: string): Promise<void> {
    const isShown = () => {
      if (this.#output.includes(text)) return true;
      if (this.child.exitCode === null) return false;
      throw new Error(`The demo ended without "${text}":\n${this.#output}${this.#complaints}`);
    };
    await waitFor(`"${text}" of the demo`, isShown, WITHIN_MS);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async ended(): Promise<DemoEnd> {
    const [code] = (await this.#exited) as [number | null];
    DemoProcess.#running.delete(this);
    const leftFiles = await readdir(this.temporary);
    await rm(this.temporary, { recursive: true, force: true });
    return { code, output: this.#output, complaints: this.#complaints, leftFiles };
  }
}
