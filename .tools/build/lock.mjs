import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../paths.mjs';
import { isAlive } from '../processes/is-alive.mjs';

const LOOK_MS = 100;

/**
 * Runs `work` while no other process builds the same thing: what it then finds stale nobody else is about to replace. The
 * lock of a process that ended without giving it back is taken over.
 */
export async function alone(name, work) {
  const file = join(root, 'dist', `${name}.lock`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  while (!take(file)) await pause(LOOK_MS);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned(file)) rmSync(file, { force: true });
    return false;
  }
}

/** Empty for a moment while its owner writes it, and gone when the owner is done: then it is not abandoned. */
function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 && !isAlive(pid);
  } catch {
    return false;
  }
}
