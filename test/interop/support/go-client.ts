import { GoServer } from './go-server.js';

export interface GoHeartbeat {
  readonly worker_pool_id: string;
  readonly started_at: number;
  readonly heartbeat_at: number;
  readonly job_names: readonly string[] | null;
  readonly concurrency: number;
  readonly host: string;
  readonly pid: number;
  readonly worker_ids: readonly string[] | null;
}

export interface GoObservation {
  readonly worker_id: string;
  readonly is_busy: boolean;
  readonly job_name: string;
  readonly job_id: string;
  readonly started_at: number;
  readonly args_json: string;
  readonly checkin: string;
  readonly checkin_at: number;
}

export interface GoQueue {
  readonly job_name: string;
  readonly count: number;
  readonly latency: number;
}

/** A job in a set; of the three times it has the one of its set. */
export interface GoListedJob {
  readonly run_at?: number;
  readonly retry_at?: number;
  readonly died_at?: number;
  readonly name: string;
  readonly id: string;
  readonly t: number;
  readonly args: Readonly<Record<string, unknown>> | null;
  readonly unique?: true;
  readonly fails?: number;
  readonly err?: string;
  readonly failed_at?: number;
}

export interface GoPage {
  readonly jobs: readonly GoListedJob[];
  readonly count: number;
}

/** gocraft/work's Client, and its web UI. */
export class GoClient extends GoServer {
  queues(): Promise<readonly GoQueue[]> {
    return this.#call('queues');
  }

  heartbeats(): Promise<readonly GoHeartbeat[]> {
    return this.#call('heartbeats');
  }

  observations(): Promise<readonly GoObservation[]> {
    return this.#call('observations');
  }

  /** Pages hold 20 jobs, and are numbered from 1. */
  scheduledJobs(page = 1): Promise<GoPage> {
    return this.#call('scheduledJobs', { page });
  }

  retryJobs(page = 1): Promise<GoPage> {
    return this.#call('retryJobs', { page });
  }

  deadJobs(page = 1): Promise<GoPage> {
    return this.#call('deadJobs', { page });
  }

  deleteScheduledJob(at: number, id: string): Promise<null> {
    return this.#call('deleteScheduledJob', { at, id });
  }

  deleteRetryJob(at: number, id: string): Promise<null> {
    return this.#call('deleteRetryJob', { at, id });
  }

  deleteDeadJob(at: number, id: string): Promise<null> {
    return this.#call('deleteDeadJob', { at, id });
  }

  retryDeadJob(at: number, id: string): Promise<null> {
    return this.#call('retryDeadJob', { at, id });
  }

  retryAllDeadJobs(): Promise<null> {
    return this.#call('retryAllDeadJobs');
  }

  deleteAllDeadJobs(): Promise<null> {
    return this.#call('deleteAllDeadJobs');
  }

  /** Starts the web UI; resolves with its address. It ends with this program. */
  serve(): Promise<string> {
    return this.#call('serve');
  }

  #call<T>(call: string, asked: object = {}): Promise<T> {
    return this.ask(JSON.stringify({ call, ...asked }));
  }
}
