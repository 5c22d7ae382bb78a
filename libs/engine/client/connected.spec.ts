import { EventEmitter } from 'node:events';
import { ConnectionLostError, replyError, type WorkRedis } from '#store';
import { connected } from './connected.js';
import { SilenceError } from './silence-error.js';

describe('connected', () => {
  const connection = (status: string) =>
    Object.assign(new EventEmitter(), { status, connect: jest.fn(() => Promise.resolve()) });
  const when = (redis: EventEmitter, limitMs = 60_000) => connected(redis as unknown as WorkRedis, limitMs);

  it('waits for nothing where the connection is ready', async () => {
    await when(connection('ready'));
  });

  it('connects one that connects when it is used, and waits until it is ready', async () => {
    const redis = connection('wait');
    const ready = when(redis);
    expect(redis.connect).toHaveBeenCalled();
    redis.emit('ready');
    await ready;
  });

  it('waits for one try, and tells how that failed', async () => {
    const redis = connection('reconnecting');
    const failing = when(redis);
    redis.emit('error', Object.assign(new Error('All nodes failed'), { lastNodeError: new Error('gone') }));
    await expect(failing).rejects.toThrow(new ConnectionLostError('gone'));
    const closed = when(redis);
    redis.emit('close');
    await expect(closed).rejects.toThrow(ConnectionLostError);
    const refused = when(redis);
    redis.emit('error', replyError('WRONGPASS no'));
    await expect(refused).rejects.toThrow('WRONGPASS');
    expect(redis.connect).not.toHaveBeenCalled();
  });

  it('waits no longer than it may', async () => {
    await expect(when(connection('connect'), 1)).rejects.toThrow(SilenceError);
  });
});
