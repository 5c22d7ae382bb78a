import type { RedisOptions } from 'ioredis';
import { InvalidConnectionError } from './connection-errors.js';

/**
 * `redis://user:password@host:port/db`, `rediss://` for TLS, or `unix:///path?db=0`. Read here and not by ioredis, which takes a
 * text without a scheme for a host or the path of a socket, so that a wrong URL would look like a server that is down.
 *
 * @throws InvalidConnectionError
 */
export function optionsFromUrl(text: string): RedisOptions {
  const url = parse(text);
  if (url.protocol === 'unix:')
    return withLogin(url, { path: decodeURIComponent(url.pathname) }, url.searchParams.get('db'));
  const options: RedisOptions = {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(url.port || 6379),
  };
  if (url.protocol === 'rediss:') options.tls = {};
  return withLogin(url, options, url.pathname.slice(1) || url.searchParams.get('db'));
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['redis:', 'rediss:', 'unix:'].includes(url.protocol)) return url;
  if (hasWrongPort(text))
    throw new InvalidConnectionError('The port of the connection URL must be a whole number from 0 to 65535.');
  throw new InvalidConnectionError(
    'The connection URL is not one of Redis: it must begin with redis://, rediss:// (TLS) or unix://, for example "redis://127.0.0.1:6379".',
  );
}

/** Without its port it would be a URL. It may hold a password, and is not shown. */
function hasWrongPort(text: string): boolean {
  const withoutPort = text.replace(/^(rediss?:\/\/(?:[^/]*@)?(?:\[[^\]/]*\]|[^:/[\]@]*)):[^/?#]*/, '$1');
  return withoutPort !== text && URL.canParse(withoutPort);
}

function withLogin(url: URL, options: RedisOptions, db: string | null): RedisOptions {
  if (url.username) options.username = decodeURIComponent(url.username);
  if (url.password) options.password = decodeURIComponent(url.password);
  if (!db) return options;
  if (!/^\d{1,5}$/.test(db))
    throw new InvalidConnectionError(`The database of the connection URL must be a number, not ${JSON.stringify(db)}.`);
  return { ...options, db: Number(db) };
}
