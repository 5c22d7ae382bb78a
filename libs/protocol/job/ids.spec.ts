import { newId } from './ids.js';

it('makes ids of 24 lower-case hex characters, no two alike, over many draws from the pool', () => {
  const ids = Array.from({ length: 5000 }, newId);
  expect(new Set(ids).size).toBe(5000);
  expect(ids.filter((id) => !/^[0-9a-f]{24}$/.test(id))).toEqual([]);
});
