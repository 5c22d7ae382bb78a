import fc from 'fast-check';
import { Fifo } from './fifo.js';

describe('Fifo', () => {
  it('gives what an array gives, in the same order', () => {
    const steps = fc.array(fc.constantFrom('push', 'shift', 'pop', 'drain' as const), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (names) => {
        const [fifo, model] = [new Fifo<number>(), [] as number[]];
        let next = 0;
        for (const name of names) {
          if (name === 'push')
            for (let i = 0; i < 300; i += 1) [next].forEach((n) => (fifo.push(n), model.push(n), next++));
          if (name === 'shift') expect(fifo.shift()).toBe(model.shift());
          if (name === 'pop') expect(fifo.pop()).toBe(model.pop());
          if (name === 'drain') while (fifo.size > 1) expect(fifo.shift()).toBe(model.shift());
          expect([fifo.size, fifo.peek()]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
