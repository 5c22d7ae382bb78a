import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CallQueue } from './call-queue.js';
import type { PendingCall } from './pending-call.js';

const MB = 1_000_000;
const call = (bytes: number, isOpen = true) => ({ bytes, isOpen, size: 1 }) as PendingCall;
function queueOf(...calls: PendingCall[]): CallQueue {
  const queue = new CallQueue();
  for (const each of calls) queue.add(each);
  return queue;
}
const many = (count: number, bytes: number) => Array.from({ length: count }, () => call(bytes));

describe('CallQueue', () => {
  it('has room for 10,000 calls and for 64 MB of jobs while Redis does not answer', () => {
    expect(queueOf(...many(9_999, 200)).reachedLimit(true)).toBeUndefined();
    expect(queueOf(...many(10_000, 200)).reachedLimit(true)).toBe('calls');
    expect(queueOf(...many(63, MB)).reachedLimit(true)).toBeUndefined();
    expect(queueOf(...many(64, MB)).reachedLimit(true)).toBe('bytes');
  });

  it('has room for a burst of 256 MB while Redis answers', () => {
    expect(queueOf(...many(20_000, 200)).reachedLimit(false)).toBeUndefined();
    expect(queueOf(...many(255, MB)).reachedLimit(false)).toBeUndefined();
    expect(queueOf(...many(256, MB)).reachedLimit(false)).toBe('bytes');
  });

  it('has room again for what was taken and what was given up', () => {
    const calls = many(64, MB);
    const queue = queueOf(...calls);
    queue.take();
    expect(queue.reachedLimit(true)).toBeUndefined();
    queue.add(call(MB));
    expect(queue.reachedLimit(true)).toBe('bytes');
    queue.forget(calls[40]!);
    expect(queue.reachedLimit(true)).toBeUndefined();
  });

  it('counts no call that nobody waits for once its turn has come, whether it was told of that or not', () => {
    const [givenUp, told] = [call(MB), call(MB)];
    const queue = queueOf(givenUp, told, call(MB));
    queue.forget(told);
    for (const each of [givenUp, told]) Object.assign(each, { isOpen: false });
    expect(queue.take()).toHaveLength(1);
    expect(queue.size).toBe(0);
    const last = queueOf(call(MB), givenUp);
    expect(last.dropExcess()).toEqual([]);
    expect(last.size).toBe(1);
  });

  it('holds none in memory that was given up, whatever waits before and behind it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const queue = queueOf(call(1));
    const givenUp = Array.from({ length: 100 }, () => {
      const each = call(1);
      queue.add(each);
      queue.forget(each);
      return new WeakRef(each);
    });
    queue.add(call(1));
    await new Promise(setImmediate); // what a WeakRef was made of lives as long as its turn
    collect();
    expect(givenUp.filter((each) => each.deref())).toEqual([]);
    expect(queue.take()).toHaveLength(2);
  });

  it('drops the newest of what is too much, and nothing else', () => {
    const [fitting, excess] = [many(64, MB), many(3, MB)];
    const queue = queueOf(...fitting, ...excess);
    expect(queue.dropExcess()).toEqual([...excess].reverse());
    expect(queue.dropExcess()).toEqual([]);
    expect(queueOf(...many(10_005, 1)).dropExcess()).toHaveLength(5);
  });

  it('takes no call away twice that was given up at its end', () => {
    const givenUp = call(MB);
    const queue = queueOf(...many(64, MB), givenUp);
    queue.forget(givenUp);
    Object.assign(givenUp, { isOpen: false });
    expect(queue.dropExcess()).toEqual([]);
    expect(queue.size).toBe(64);
  });
});
