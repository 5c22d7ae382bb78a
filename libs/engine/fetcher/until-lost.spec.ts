import { EventEmitter } from 'node:events';
import { ConnectionLostError, type WorkRedis } from '#store';
import { untilLost } from './until-lost.js';

class Connection extends EventEmitter {
  readonly disconnect = jest.fn();
}

describe('untilLost', () => {
  let connection: Connection;
  const untilLostHere = (call: Promise<unknown>, silenceMs?: number) =>
    untilLost(connection as unknown as WorkRedis, call, silenceMs);
  beforeEach(() => void (connection = new Connection()));

  it('answers what the call does, and leaves nothing behind', async () => {
    await expect(untilLostHere(Promise.resolve(1))).resolves.toBe(1);
    await expect(untilLostHere(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(connection.listenerCount('close')).toBe(0);
  });

  it('gives a call up when the connection breaks', async () => {
    const call = untilLostHere(new Promise(() => {}));
    connection.emit('close');
    await expect(call).rejects.toThrow(ConnectionLostError);
    expect(connection.disconnect).not.toHaveBeenCalled();
  });

  it('gives a call up, and opens the connection anew, where Redis keeps silent', async () => {
    await expect(untilLostHere(new Promise(() => {}), 1)).rejects.toThrow(ConnectionLostError);
    expect(connection.disconnect).toHaveBeenCalledWith(true);
  });
});
