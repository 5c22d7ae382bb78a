import { EventEmitter } from 'node:events';
import { ConnectionLostError, type WorkRedis } from '#store';
import { whileAnswering } from './while-answering.js';

const never = () => new Promise<never>(() => {});

describe('whileAnswering', () => {
  let connection: EventEmitter & { readonly disconnect: jest.Mock };
  beforeEach(() => void (connection = Object.assign(new EventEmitter(), { disconnect: jest.fn() })));

  const answering = (ask: () => Promise<unknown>, silenceMs = 2) => ({
    redis: connection as unknown as WorkRedis,
    ask,
    silenceMs,
  });

  it('ends as the call does', async () => {
    await expect(whileAnswering(answering(never, 60_000), async () => 1)).resolves.toBe(1);
    const failing = () => Promise.reject(new Error('no'));
    await expect(whileAnswering(answering(never, 60_000), failing)).rejects.toThrow('no');
  });

  it('lets a call take as long as it likes while Redis answers, with an error too', async () => {
    let asked = 0;
    const call = new Promise((resolve) => {
      connection.on('asked', () => asked === 5 && resolve('done'));
    });
    const ask = async () => {
      asked += 1;
      connection.emit('asked');
      if (asked % 2 === 0) throw new Error('NOPERM');
    };
    await expect(whileAnswering(answering(ask), () => call)).resolves.toBe('done');
    expect(connection.disconnect).not.toHaveBeenCalled();
  });

  it('gives the call up where Redis answers nothing, and has it connected anew', async () => {
    await expect(whileAnswering(answering(never), never)).rejects.toThrow(ConnectionLostError);
    expect(connection.disconnect).toHaveBeenCalledWith(true);
  });

  it('gives the call up where the connection breaks, however many are under way', async () => {
    const calls = Array.from({ length: 20 }, () => whileAnswering(answering(never, 60_000), never));
    expect(connection.listenerCount('close')).toBe(1);
    connection.emit('close');
    for (const call of calls) await expect(call).rejects.toThrow(ConnectionLostError);
  });
});
