import fc from 'fast-check';
import { Fifo } from './fifo.js';

/** Each step is done to the Fifo and to the array that it must be like. */
const steps = {
  push: (fifo: Fifo<number>, model: number[]) => {
    for (let n = 0; n < 300; n += 1) fifo.push(n);
    for (let n = 0; n < 300; n += 1) model.push(n);
    return [];
  },
  shift: (fifo: Fifo<number>, model: number[]) => [fifo.shift(), model.shift()],
  pop: (fifo: Fifo<number>, model: number[]) => [fifo.pop(), model.pop()],
  drain: (fifo: Fifo<number>, model: number[]) => {
    const taken = Array.from({ length: Math.max(0, model.length - 1) }, () => fifo.shift());
    return [taken, model.splice(0, taken.length)];
  },
};

it('a Fifo gives what an array gives, in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(steps)), { maxLength: 60 }), (sequence) => {
      const [fifo, model] = [new Fifo<number>(), [] as number[]];
      for (const step of sequence) {
        const [ours, models] = step(fifo, model);
        expect([ours, fifo.size, fifo.peek()]).toEqual([models, model.length, model[0]]);
      }
    }),
  );
});
