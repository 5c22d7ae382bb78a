// Loaded before the demo, the soak and its workers. Standard input is a pipe that nobody writes to: when it closes, the
// parent is gone.
import { isMainThread } from 'node:worker_threads';

const gracePeriodMs = 5_000;

// A thread that the program starts loads this too, and has an input of its own that is closed from the beginning.
if (isMainThread) {
  process.stdin.on('close', endSoon).on('error', endSoon).resume();
  process.stdin.unref?.();
}

function endSoon() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), gracePeriodMs).unref();
}
