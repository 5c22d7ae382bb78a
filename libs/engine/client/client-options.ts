import type { Clock } from '../clock.js';
import { CONNECTION_OPTIONS, type GivenConnection, type OwnConnection } from '../connection-in-use.js';

/**
 * What a `Client` works on: `{ namespace, connection }` for a connection of its own, or `{ redis, keyspace }` with one of the
 * role `commands`, which it does not close.
 */
export type ClientOptions = (OwnConnection | GivenConnection) & ClientSettings;

export interface ClientSettings {
  /**
   * What stamps a job that is put into its queue.
   *
   * @default Redis' own time, read anew for each operation
   */
  readonly clock?: Clock | undefined;
}

export const CLIENT_OPTIONS: readonly string[] = [...CONNECTION_OPTIONS, 'clock'];
