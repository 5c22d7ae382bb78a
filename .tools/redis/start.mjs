import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const guard = fileURLToPath(new URL('guard.mjs', import.meta.url));

/**
 * Starts a private server, `{ command, env, version }` of `findRedisServer`, and gives `{ url, port, stop }`. It keeps
 * nothing on disk. A guard owns it and ends it when this process ends, however it ends; `stop` does so earlier, and waits.
 */
export async function startRedisServer(server) {
  const child = spawn(process.execPath, [guard, JSON.stringify(server)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C in a terminal goes to its whole group: the server stays until we have cleaned up
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exited.then(() => [undefined])]);
  const { port, error } = JSON.parse(line ?? '{ "error": "Its guard broke down." }');
  if (error) throw new Error(`No Redis could be started from ${server.command}. ${error}`);
  letGo(child);
  const stop = async () => {
    child.ref();
    child.stdin.destroy();
    await exited;
  };
  return { url: `redis://127.0.0.1:${port}`, port, stop };
}

// A process that forgets `stop` must be able to end: its end is what the guard waits for.
function letGo(child) {
  child.unref();
  child.stdin.unref();
  child.stdout.unref();
}
