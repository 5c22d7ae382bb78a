import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Full path of a command, or undefined. */
export function onPath(name, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/**
 * Runs a command to its end and gives its output; rejects with the end of that output when it fails.
 * `onOutput` sees each piece as it comes; `timeoutMs` ends a command that hangs. It ends with this process.
 */
export function output(command, args, { onOutput, timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, ...options });
    let text = '';
    const take = (piece) => {
      text += piece;
      onOutput?.(String(piece));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    running.add(child);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(text);
      else reject(failure(command, args, child.killed ? 'did not end in time' : `ended with ${code ?? signal}`, text));
    });
  });
}

const failure = (command, args, end, text) =>
  new Error(`${command} ${args[0] ?? ''} ${end}:\n${text.trimEnd().split('\n').slice(-40).join('\n')}`);

/** npm of the Node that runs this, as a command and its first arguments: npm itself says where it is. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? [process.execPath, cli] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}
