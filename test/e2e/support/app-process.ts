import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { CompiledSources } from '../../support/compiled-sources.js';
import { waitFor } from '../../support/index.js';

/** Starting Node and Nest on a machine that is busy. */
const WITHIN_MS = 60_000;

/** An application of `test/e2e/apps` in a process of its own, and what it said. */
export class AppProcess {
  readonly said: string[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #complaints = '';

  constructor(sources: CompiledSources, app: string, env: NodeJS.ProcessEnv) {
    const path = sources.file(`test/e2e/apps/${app}.ts`);
    this.#child = fork(path, {
      env: { ...process.env, ...env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (piece: Buffer) => (this.#complaints += String(piece)));
    this.#child.on('message', (text) => this.said.push(text as string));
    this.#exited = once(this.#child, 'close');
  }

  async says(text: string): Promise<void> {
    await waitFor(
      `"${text}", said: ${this.said.join(', ')}\n${this.#complaints}`,
      () => this.said.includes(text),
      WITHIN_MS,
    );
  }

  tell(text: string): void {
    this.#child.send(text);
  }

  /** As an orchestrator, or Ctrl-C, does. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The signal that ended it, or its exit code. */
  async end(): Promise<NodeJS.Signals | number | null> {
    const [code, signal] = (await this.#exited) as [number | null, NodeJS.Signals | null];
    return signal ?? code;
  }

  /** Does nothing where it has ended. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
