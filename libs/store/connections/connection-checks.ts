import type { RedisOptions } from 'ioredis';
import type { WorkRedis } from '../work-redis.js';
import { InvalidConnectionError } from './connection-errors.js';
import { isClusterConnection, type ConnectionRole, type ConnectionSpec } from './connection-spec.js';

/** @throws InvalidConnectionError for what is neither options, nodes nor a function, and for options with `keyPrefix` */
export function checkSpec(spec: Exclude<ConnectionSpec, string>): void {
  if (typeof spec === 'function') return;
  if (isRedis(spec))
    throw new InvalidConnectionError(
      '"connection" is a connection that is open, and each role needs its own. Give a function that makes one, for example ' +
        '() => new Redis(options), or the options themselves.',
    );
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    throw new InvalidConnectionError(
      `"connection" must be a URL, ioredis options, { nodes } of a Cluster, or a function that makes the connection of a role, not ${kindOf(spec)}.`,
    );
  refuseKeyPrefix(spec);
}

/** @throws InvalidConnectionError for what a function made that is no connection; one that it promised is closed */
export function checkMade(made: unknown, role: ConnectionRole): WorkRedis {
  if (isRedis(made)) return made;
  if (made instanceof Promise) made.then((late: unknown) => isRedis(late) && late.disconnect()).catch(() => undefined);
  throw new InvalidConnectionError(
    `The function given as "connection" must return a connection of ioredis, and returned ${kindOf(made)} for the role "${role}". ` +
      'It must not be async: a connection need not be connected yet.',
  );
}

function isRedis(value: unknown): value is WorkRedis {
  const { on, disconnect } = (value ?? {}) as Partial<Record<'on' | 'disconnect', unknown>>;
  return typeof on === 'function' && typeof disconnect === 'function';
}

/** Not the value itself, which may hold a password. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return 'a promise';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function refuseKeyPrefix(spec: Exclude<ConnectionSpec, string | ((role: ConnectionRole) => WorkRedis)>): void {
  const options = isClusterConnection(spec) ? { ...spec.options } : spec;
  const nested = 'redisOptions' in options ? (options.redisOptions as RedisOptions | undefined) : undefined;
  if (!options.keyPrefix && !nested?.keyPrefix) return;
  throw new InvalidConnectionError(
    'connection.keyPrefix is refused, because the keys would no longer be those that Go services read. Use "namespace" for this.',
  );
}
