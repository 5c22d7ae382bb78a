import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

const LOOK_MS = 500;
const GRACE_MS = 10_000;

/**
 * Ends this process, as SIGTERM does, when the npm that has started it is gone. npm runs a script by way of a shell: a signal
 * for npm reaches the shell at most, and where npm is killed even that lives on.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const look = looker();
  const before = look();
  const timer = setInterval(() => {
    if (look() === before) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  }, LOOK_MS);
  timer.unref();
}

/** Tells who is above us. A process whose parent is gone gets another one; on Windows it does not. */
function looker() {
  if (!isNpm(process.ppid)) return () => `${process.ppid} ${parentOf(process.ppid)}`;
  return () => String(process.ppid);
}

/** Not the shell between. Without /proc it is npm: macOS' shell makes way for the one command it is to run. */
function isNpm(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === realpathSync(process.env.npm_node_execpath);
  } catch {
    return true;
  }
}

/** The fourth field; the second, in brackets, may hold anything. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) \S /s, '')
      .split(' ')[0];
  } catch {
    return undefined;
  }
}
