// Runs a command under another Node: node .tools/with-node.mjs 22 npm test
// The binary comes from the npm package of the same name, into .cache; Linux on x64 and arm64, macOS, Windows on x64.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { isExecutable, npmCommand, output } from './processes/commands.mjs';
import { endAtSignals, exitCodeOf, handlingSignals } from './processes/signals.mjs';

const [version, command, ...args] = process.argv.slice(2);
endAtSignals();
try {
  if (!version || !command) throw new Error('Usage: node .tools/with-node.mjs VERSION COMMAND [ARGUMENT …]');
  process.exitCode = await run(await nodeFolder());
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Where the `node` of that version is. */
async function nodeFolder() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = join(cacheFolder, `node-${version}`);
  const bin = join(folder, 'node_modules', name, 'bin');
  if (!isExecutable(join(bin, 'node'))) await fetchNode(`${name}@${version}`, folder);
  return bin;
}

async function fetchNode(name, folder) {
  console.log(`Fetching ${name} into .cache (once) …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const [npm, ...first] = npmCommand();
  await output(npm, [...first, 'install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', name], {
    cwd: folder,
  });
}

/** npm of an outer run would start its own Node again: the command finds its own. */
async function run(bin) {
  const { npm_execpath: _, npm_node_execpath: __, ...outer } = process.env;
  const env = { ...outer, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const child = spawn(command, args, { stdio: 'inherit', env });
  const forward = (name) => child.kill(name);
  const [code, signal] = await handlingSignals(forward, () => once(child, 'exit'));
  return code ?? exitCodeOf(signal);
}
