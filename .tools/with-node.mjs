// Runs a command under another Node: node .tools/with-node.mjs 22 npm test
// The binary comes from the npm package of the same name, into .cache; Linux on x64 and arm64, macOS, Windows on x64.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable, npmCommand, output } from './commands.mjs';
import { cacheFolder } from './paths.mjs';

const [version, command, ...args] = process.argv.slice(2);
if (!version || !command) throw new Error('Usage: node .tools/with-node.mjs VERSION COMMAND [ARGUMENT …]');

const system = process.platform === 'win32' ? 'win' : process.platform;
const folder = join(cacheFolder, `node-${version}`);
const bin = join(folder, `node_modules/node-${system}-${process.arch}/bin`);
if (!isExecutable(join(bin, 'node'))) await fetchNode();

async function fetchNode() {
  const name = `node-${system}-${process.arch}@${version}`;
  console.log(`Fetching ${name} into .cache (once) …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const [npm, ...first] = npmCommand();
  await output(npm, [...first, 'install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', name], {
    cwd: folder,
  });
}

// npm of an outer run would start its own Node again: the command finds its own.
const { npm_execpath: _, npm_node_execpath: __, ...outer } = process.env;
const env = { ...outer, PATH: `${bin}${delimiter}${process.env.PATH}` };
const [code] = await once(spawn(command, args, { stdio: 'inherit', env }), 'exit');
process.exitCode = code ?? 1;
