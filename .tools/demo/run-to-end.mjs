import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

const dieWithParent = new URL('die-with-parent.mjs', import.meta.url).href;

/** One Ctrl-C reaches this process from the terminal and again from npm: only signals this far apart are two. */
const sameSignalMs = 500;

/**
 * Runs a Node program, hands it each signal once and gives its exit code. It is a group of its own, so that signals
 * come by this way alone, and it ends when this process does, however that ends.
 */
export async function runToEnd(file, args, env) {
  const child = spawn(process.execPath, ['--import', dieWithParent, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  });
  const stopForwarding = forwardSignals(child);
  const [code, signal] = await once(child, 'exit');
  stopForwarding();
  return code ?? 128 + constants.signals[signal];
}

function forwardSignals(child) {
  let lastMs = -Infinity;
  const forward = (signal) => {
    if (performance.now() - lastMs < sameSignalMs) return;
    lastMs = performance.now();
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return () => signals.forEach((signal) => process.off(signal, forward));
}
