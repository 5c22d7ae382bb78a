import { ManualClock } from '../../../test/support/manual-clock.js';
import type { WorkEvent } from '../events.js';
import { KeyWarnings } from './key-warnings.js';

describe('KeyWarnings', () => {
  it('warns of each key once, and again after an hour', () => {
    const events: WorkEvent[] = [];
    const clock = new ManualClock();
    const warnings = new KeyWarnings((event) => events.push(event), clock);
    const found = (...keys: string[]) => {
      events.length = 0;
      warnings.found(keys.map((key) => ({ key, message: 'WRONGTYPE' })));
      return events.map((event) => 'message' in event && /"(.*?)"/.exec(event.message)?.[1]);
    };
    expect(found('a', 'b', 'a')).toEqual(['a', 'b']);
    clock.pass(3_599_999);
    expect(found('a', 'c')).toEqual(['c']);
    clock.pass(1);
    expect(found('a', 'b', 'c')).toEqual(['a', 'b']);
  });
});
