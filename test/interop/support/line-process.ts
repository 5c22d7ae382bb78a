import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const LINE_MS = 10_000;

/** What is started, and how it is called where it fails. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly title: string;
  /** What its log begins with. */
  readonly note?: string;
}

/** What a worker tells of a job. */
export interface AboutJob {
  readonly event: string;
  readonly id: string;
}

/** A program that writes lines of JSON. It ends with this process, whatever happens to that: the end of its input ends it. */
export class LineProcess<Line> {
  /** What it has written so far. */
  readonly lines: Line[] = [];
  readonly #child;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  readonly #title: string;
  #isOver = false;
  #log: string;

  constructor({ command, args, title, note = '' }: Program) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#title = title;
    this.#log = note;
    this.#exited = once(this.#child, 'close').then(() => this.#end());
    this.#child.stdin.on('error', () => {}); // it may be gone already
    this.#child.stderr.on('data', (piece) => void (this.#log = `${this.#log}${String(piece)}`.slice(-4_000)));
    createInterface(this.#child.stdout).on('line', (line) => this.#take(JSON.parse(line) as Line));
  }

  send(request: string): void {
    this.#child.stdin.write(`${request}\n`);
  }

  /** What `look` finds in the lines, as soon as it does; fails where the program ends, or the time passes, and it has not. */
  async until<T>(what: string, look: (lines: readonly Line[]) => T | undefined, withinMs = LINE_MS): Promise<T> {
    const deadline = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = look(this.lines);
      if (found !== undefined) return found;
      if (deadline.aborted || this.#isOver) throw new Error(this.#complaint(what, withinMs));
      await this.#change(deadline);
    }
  }

  /** The `number`th line that tells this of a job. */
  protected lineOf<Found extends Line & AboutJob>(
    event: Found['event'],
    id: string,
    number: number,
    withinMs?: number,
  ): Promise<Found> {
    const isMeant = (line: Line): line is Found => {
      const told = line as Partial<AboutJob>;
      return told.event === event && told.id === id;
    };
    return this.until(`${event} ${number} of job ${id}`, (lines) => lines.filter(isMeant)[number - 1], withinMs);
  }

  get isRunning(): boolean {
    return !this.#isOver;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it at once, without a farewell. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Resolves when it has ended by itself. */
  async exit(): Promise<number | null> {
    await this.#exited;
    return this.#child.exitCode;
  }

  #take(line: Line): void {
    this.lines.push(line);
    this.#look();
  }

  #end(): void {
    this.#isOver = true;
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  #change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const changed = () => {
        this.#waiting.delete(changed);
        deadline.removeEventListener('abort', changed);
        resolve();
      };
      this.#waiting.add(changed);
      deadline.addEventListener('abort', changed);
    });
  }

  #complaint(what: string, withinMs: number): string {
    const state = this.#isOver ? 'has ended without' : `has not said in ${withinMs} ms`;
    return `The ${this.#title} ${state}: ${what}. ${this.lines.length} lines; its log: ${this.#log}`;
  }
}
