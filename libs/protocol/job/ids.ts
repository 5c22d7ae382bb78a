import { randomFillSync } from 'node:crypto';

const ID_BYTES = 12;
/** Random bytes are drawn for this many ids at once: one system call each would cost more than the rest of an enqueue. */
const IDS_PER_DRAW = 512;

const pool = Buffer.alloc(ID_BYTES * IDS_PER_DRAW);
let used = pool.length;

/** An id for a job, a pool or a worker: 24 lower-case hex characters from 12 cryptographically random bytes. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.toString('hex', used, (used += ID_BYTES));
}
