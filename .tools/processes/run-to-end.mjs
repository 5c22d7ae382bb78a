import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitCodeOf, handlingSignals } from './signals.mjs';

/** To be loaded before the program, with a pipe of ours as its standard input. */
export const dieWithParent = new URL('die-with-parent.mjs', import.meta.url).href;

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
  const [code, signal] = await handlingSignals(forwarder(child), () => once(child, 'exit'));
  return code ?? exitCodeOf(signal);
}

function forwarder(child) {
  let lastMs = -Infinity;
  return (signal) => {
    if (performance.now() - lastMs < sameSignalMs) return;
    lastMs = performance.now();
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
}
