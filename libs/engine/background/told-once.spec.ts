import { ConnectionLostError, replyError } from '#store';
import type { WorkEvent } from '../events.js';
import { ToldOnce } from './told-once.js';

describe('ToldOnce', () => {
  let events: WorkEvent[];
  let trouble: ToldOnce;
  const told = () => events.map((event) => event.type === 'role_failed' && String(event.error));
  beforeEach(() => {
    events = [];
    trouble = new ToldOnce('Requeuer', (event) => events.push(event));
  });

  it('tells an error when it begins, and again when it comes back', () => {
    const error = replyError('OOM command not allowed');
    trouble.failed(error);
    trouble.failed(error);
    expect(events).toEqual([{ type: 'role_failed', role: 'Requeuer', error }]);
    trouble.succeeded();
    trouble.failed(error);
    expect(events).toHaveLength(2);
  });

  it('tells each error that differs', () => {
    for (const text of ['OOM', 'NOPERM', 'OOM']) trouble.failed(replyError(text));
    expect(told()).toEqual(['ReplyError: OOM', 'ReplyError: NOPERM']);
  });

  it('tells a mistake of the program, which is no word of Redis', () => {
    trouble.failed(new TypeError('x is not a function'));
    trouble.failed('thrown text');
    expect(told()).toEqual(['TypeError: x is not a function', 'thrown text']);
  });

  it('leaves lost connections to those who own them', () => {
    trouble.failed(new ConnectionLostError('broke'));
    trouble.failed(new Error('Connection is closed.'));
    expect(events).toEqual([]);
  });

  it('is no flood where the text of an error is another one each time', () => {
    for (let time = 0; time < 1_000; time += 1) trouble.failed(new Error(`at ${time}`));
    expect(events).toHaveLength(10);
  });
});
