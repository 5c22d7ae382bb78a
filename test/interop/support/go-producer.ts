import { GoServer } from './go-server.js';
import { goValue } from './go-values.js';

/** A job as gocraft/work gives it back to who enqueued it. */
export interface GoJob {
  readonly name: string;
  readonly id: string;
  readonly t: number;
  readonly args: Readonly<Record<string, unknown>> | null;
  readonly unique?: true;
  /** Only of master. */
  readonly unique_key?: string;
}

export interface GoScheduledJob extends GoJob {
  readonly run_at: number;
}

/** What `goValue` takes, or null for no map at all. */
type Arguments = object | null;

/** gocraft/work's Enqueuer. */
export class GoProducer extends GoServer {
  enqueue(name: string, args: Arguments): Promise<GoJob> {
    return this.#call('enqueue', name, { args });
  }

  enqueueIn(name: string, seconds: number, args: Arguments): Promise<GoScheduledJob> {
    return this.#call('enqueueIn', name, { seconds, args });
  }

  /** Null where one waits already. */
  enqueueUnique(name: string, args: Arguments): Promise<GoJob | null> {
    return this.#call('enqueueUnique', name, { args });
  }

  enqueueUniqueIn(name: string, seconds: number, args: Arguments): Promise<GoScheduledJob | null> {
    return this.#call('enqueueUniqueIn', name, { seconds, args });
  }

  /** Only of master. */
  enqueueUniqueByKey(name: string, args: Arguments, key: Arguments): Promise<GoJob | null> {
    return this.#call('enqueueUniqueByKey', name, { args, key });
  }

  /** Only of master. */
  enqueueUniqueInByKey(name: string, seconds: number, args: Arguments, key: Arguments): Promise<GoScheduledJob | null> {
    return this.#call('enqueueUniqueInByKey', name, { seconds, args, key });
  }

  #call<T>(call: string, name: string, { seconds = 0, args, key = null }: Call): Promise<T> {
    const request = JSON.stringify({ call, name, seconds });
    return this.ask(`${request.slice(0, -1)},"args":${goValue(args)},"key":${goValue(key)}}`);
  }
}

interface Call {
  readonly seconds?: number;
  readonly args: Arguments;
  readonly key?: Arguments;
}
