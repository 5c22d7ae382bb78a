import type { WorkEvent } from '../events.js';
import { LimitNews } from './limit-news.js';

const limit = (inForce: number) => [{ queueName: 'mail', inForce, ours: 2 }];

describe('LimitNews', () => {
  it('tells of another limit once, and again when it has been ours meanwhile', () => {
    const told: WorkEvent[] = [];
    const news = new LimitNews((event) => told.push(event));
    for (const inForce of [5, 5, 7, 7, 2, 2, 7]) news.found(limit(inForce));
    const overridden = (maxConcurrency: number) => ({
      type: 'limit_overridden',
      jobName: 'mail',
      maxConcurrency,
      ours: 2,
    });
    const restored = { type: 'limit_restored', jobName: 'mail', maxConcurrency: 2 };
    expect(told).toEqual([overridden(5), overridden(7), restored, restored, overridden(7)]);
  });
});
