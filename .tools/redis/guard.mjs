// Owns one private Redis server and ends it as soon as standard input closes: that happens however the process that
// started this one ends, SIGKILL included. Prints one line, { "port": …, "pid": … }, when the server takes connections,
// or { "error": … }. Further settings: `port`, which must then be free, `serverArguments`, and `sentinel`, the lines of a
// configuration file: then it is a Sentinel.
//
//   node guard.mjs '{ "command": "/usr/bin/redis-server", "env": {}, "version": "7.0.15" }'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentinelArguments, serverArguments } from './server-arguments.mjs';

const { command, env, port: fixedPort, ...settings } = JSON.parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'nestjs-work-redis-'));
let server;
let ending = false;

function end(code) {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  if (server?.exitCode === null && server.signalCode === null) server.kill('SIGKILL'); // it has nothing to save
  rmSync(folder, { recursive: true, force: true });
  process.stdin.destroy();
}

process.stdin
  .on('close', () => end(0))
  .on('error', () => end(0))
  .resume();
process.stdout.on('error', () => end(0));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => end(0));

await start().catch((error) => {
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  end(1);
});

/** Between finding a free port and binding it somebody else may take it: then the server says so, and another port is tried. */
async function start() {
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await freePort());
    const failure = await serve(port);
    if (failure === undefined) return announce(port);
    if (ending) return;
    if (fixedPort || attempt === 10 || !/address already in use/i.test(failure))
      throw new Error(`${command} did not start:\n${failure}`);
  }
}

function announce(port) {
  server.once('exit', (code, signal) => {
    if (!ending) console.error(`The Redis of this run ended on its own, with ${code ?? signal}.`);
    end(1);
  });
  process.stdout.write(`${JSON.stringify({ port, pid: server.pid })}\n`);
}

/** Resolves to undefined when the server is ready, else to what it said before it ended. */
function serve(port) {
  const args = settings.sentinel ? sentinelArguments(settings, port, folder) : serverArguments(settings, port, folder);
  server = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let said = '';
    const listen = (piece) => {
      said = (said + piece).slice(-4_000);
      if (/ready to accept connections|Sentinel ID is/i.test(said)) resolve(undefined);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('error', (error) => resolve(error.message));
    server.once('close', (code, signal) => resolve(said || `It ended with ${code ?? signal}.`));
  });
}

/** Not a high one: the nodes of a Cluster talk on the port 10,000 above. */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port < 55_000 ? port : freePort();
}
