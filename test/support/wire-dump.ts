import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRedis } from './index.js';

export interface DumpedKey {
  readonly key: string;
  readonly type: 'string' | 'list' | 'set' | 'zset' | 'hash';
  readonly ttl: number;
  readonly value: string | readonly string[];
}

/** What gocraft/work left in Redis, in namespace "w". */
export function wireDump(name: string): readonly DumpedKey[] {
  return JSON.parse(readFileSync(join(__dirname, '../fixtures/wire', `${name}.json`), 'utf8')) as DumpedKey[];
}

export function dumpedValue(keys: readonly DumpedKey[], key: string): string | readonly string[] {
  const found = keys.find((one) => one.key === key);
  if (!found) throw new Error(`The dump has no key ${key}.`);
  return found.value;
}

/** Puts a dump into a test's namespace. */
export async function restoreDump(test: TestRedis, name: string): Promise<void> {
  const write = { string: 'SET', list: 'RPUSH', set: 'SADD', hash: 'HSET', zset: 'ZADD' } as const;
  for (const { key, type, value } of wireDump(name)) {
    const values = [value].flat();
    const args = type === 'zset' ? values.map((_, index) => values[index % 2 ? index - 1 : index + 1] ?? '') : values;
    await test.redis.call(write[type], key.replace('w:', `${test.namespace}:`), ...args);
  }
}
