// Debian's and Ubuntu's own redis-server without root: apt-get with folders of ours finds out what the package needs
// and this system lacks, downloads it (signatures checked), and dpkg-deb unpacks it. The system is not changed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, output } from '../processes/commands.mjs';
import { cacheFolder } from '../paths.mjs';
import { systemIds } from './system.mjs';

const target = join(cacheFolder, 'redis-debian');

export async function debianServer() {
  if (!existsSync(serverIn(target))) await fetchInto(target);
  return { command: serverIn(target), env: { LD_LIBRARY_PATH: libraryFolders(target).join(':') } };
}

const serverIn = (folder) => join(folder, 'usr/bin/redis-server');

async function fetchInto(folder) {
  if (!systemIds().some((id) => id === 'debian' || id === 'ubuntu'))
    throw new Error('No redis-server or valkey-server on PATH.');
  if (!onPath('apt-get') || !onPath('dpkg-deb'))
    throw new Error('No redis-server on PATH, and no apt-get to fetch one.');
  console.log("No redis-server on PATH: fetching the distribution's own package into .cache (once) …");
  const work = `${folder}-${process.pid}`;
  try {
    await unpackPackages(work);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'root'), folder);
  } catch (error) {
    // Another run may have finished the same in the meantime.
    if (!existsSync(serverIn(folder)))
      throw new Error(`No redis-server on PATH, and fetching one failed: ${complaint(error)}`, { cause: error });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** apt-get's own complaint out of all that it wrote. */
const complaint = ({ message }) => message.match(/^E: .*$/m)?.[0] ?? message;

async function unpackPackages(work) {
  const [lists, cache, packages, unpacked] = ['lists', 'cache', 'packages', 'root'].map((name) => join(work, name));
  for (const folder of [join(lists, 'partial'), join(cache, 'archives/partial'), packages, unpacked]) {
    mkdirSync(folder, { recursive: true });
  }
  const apt = (args) =>
    output('apt-get', ['-q', ...aptSettings(lists, cache), ...args], { cwd: packages, timeoutMs: 120_000 });
  await apt(['update']);
  await apt(['download', ...packageNames(await apt(neededPackages))]);
  for (const file of readdirSync(packages)) await output('dpkg-deb', ['-x', join(packages, file), unpacked]);
}

const neededPackages = [
  'install',
  '--print-uris',
  '--yes',
  '--reinstall',
  '--no-install-recommends',
  'redis-server',
  'redis-tools',
];

// `-oDPkg::…` and friends: hooks of the system's configuration expect root, and a sandbox user could not read our folders.
const aptSettings = (lists, cache) =>
  [
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${cache}`,
    'APT::Sandbox::User=',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=15',
    'Debug::NoLocking=1',
  ].flatMap((setting) => ['-o', setting]);

/** Names in lines such as `'http…' redis-server_5%3a7.0.15_amd64.deb 73908 SHA256:…`. */
const packageNames = (text) => [...text.matchAll(/^'[^']+' ([^_\s]+)_\S+\.deb \d+/gm)].map(([, name]) => name);

function libraryFolders(folder) {
  return ['usr/lib', 'lib']
    .map((path) => join(folder, path))
    .filter(existsSync)
    .flatMap((path) => [path, ...subfolders(path)]);
}

const subfolders = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
