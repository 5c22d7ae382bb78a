import type { HeldEntry } from '../../libs/engine/run/held-entry.js';

/** A job as the fetcher holds it, without a fetcher. */
export class HeldJobInTest implements HeldEntry {
  readonly #abort = new AbortController();
  readonly queueName: string;
  readonly poolId: string;
  bytes: Buffer;

  constructor(bytes: Buffer | string, place: { queueName?: string; poolId?: string } = {}) {
    this.bytes = Buffer.from(bytes);
    this.queueName = place.queueName ?? 'sync';
    this.poolId = place.poolId ?? 'pool1';
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  interrupt(reason: unknown = new Error('the pool stops')): void {
    this.#abort.abort(reason);
  }

  async claim(replace: () => Promise<Buffer>): Promise<void> {
    this.bytes = await replace();
  }
}

export interface TestDocument {
  readonly name?: string;
  readonly id?: string;
  readonly t?: number;
  readonly args?: object | null;
  readonly unique?: boolean;
  readonly unique_key?: string;
  readonly fails?: number;
  readonly err?: string;
  readonly failed_at?: number;
  readonly _claimed?: true;
  readonly _recovered?: number;
}

/** The bytes of a job, its fields in gocraft/work's order. */
export function jobBytes(fields: TestDocument = {}): Buffer {
  const { name = 'sync', id = '6d1e5b0a9f4c4f0f8a3b2c1d', t = 1_700_000_000, args = null, ...others } = fields;
  return Buffer.from(JSON.stringify({ name, id, t, args, ...others }));
}
