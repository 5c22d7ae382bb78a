// Loaded before the demo. Its standard input is a pipe that nobody writes to: when it closes, the parent is gone.
const gracePeriodMs = 5_000;

process.stdin.on('close', endSoon).on('error', endSoon).resume();
process.stdin.unref?.();

function endSoon() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), gracePeriodMs).unref();
}
