import { EventEmitter } from 'node:events';
import type { WorkRedis } from '#store';
import { LastTrouble } from './last-trouble.js';
import { watchConnection } from './watch-connection.js';

describe('A connection that many watch', () => {
  const connection = new EventEmitter();
  const redis = connection as unknown as WorkRedis;
  const listeners = () => ['error', 'close', 'end', 'ready'].map((event) => connection.listenerCount(event));

  it('is listened to once an event, by clients and enqueuers together', () => {
    const troubles = Array.from({ length: 50 }, () => new LastTrouble(redis));
    expect(listeners()).toEqual([1, 1, 1, 1]);
    connection.emit('error', new Error('gone'));
    expect(troubles.map(({ error }) => error?.message)).toEqual(Array<string>(50).fill('gone'));
    connection.emit('ready');
    expect(troubles.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('tells those that still watch', () => {
    const told: string[] = [];
    const [end] = ['one', 'other'].map((who) => watchConnection(redis, { onClose: () => told.push(who) }));
    connection.emit('close');
    end!();
    connection.emit('end');
    expect(told).toEqual(['one', 'other', 'other']);
  });
});
