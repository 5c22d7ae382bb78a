import type { ArgumentsHost } from '@nestjs/common';
import type { JobContext } from '../context/index.js';

/** What a filter gets: `getArgs()` is `[args, job]`, also as `switchToRpc().getData()` and `getContext()`. */
export class JobArgumentsHost implements ArgumentsHost {
  readonly #args: [unknown, JobContext];

  constructor(args: unknown, job: JobContext) {
    this.#args = [args, job];
  }

  getArgs<T extends unknown[] = unknown[]>(): T {
    return this.#args as unknown[] as T;
  }

  getArgByIndex<T = unknown>(index: number): T {
    return this.#args[index] as T;
  }

  getType<T extends string = string>(): T {
    return 'work' as T;
  }

  switchToRpc() {
    return { getData: <T>() => this.#args[0] as T, getContext: <T>() => this.#args[1] as T };
  }

  switchToHttp() {
    const get =
      (index: number) =>
      <T>() =>
        this.#args[index] as T;
    return { getRequest: get(0), getResponse: get(1), getNext: get(2) };
  }

  switchToWs() {
    const { getData } = this.switchToRpc();
    return { getData, getClient: <T>() => this.#args[0] as T, getPattern: () => undefined as unknown as string };
  }
}
