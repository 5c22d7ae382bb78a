// Installs the dependencies where they are missing or not those of the lock file, and shows that it moves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, output } from '../processes/commands.mjs';
import { root } from '../paths.mjs';

const everyMs = 3_000;

export async function installIfNeeded() {
  if (isInstalled()) return;
  const startedAt = Date.now();
  let downloads = 0;
  const say = (what) => console.log(`${what} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  console.log('Installing the dependencies of the lock file with npm ci …');
  const ticker = setInterval(() => say(`  still installing, ${downloads} packages downloaded`), everyMs);
  try {
    const [npm, ...first] = npmCommand();
    await output(
      npm,
      [...first, 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=http'],
      {
        cwd: root,
        onOutput: (piece) => (downloads += piece.split('.tgz').length - 1),
      },
    );
  } catch (error) {
    throw new Error(`npm ci failed. ${withoutRequests(error.message)}\nIs the package registry reachable from here?`, {
      cause: error,
    });
  } finally {
    clearInterval(ticker);
  }
  say('Installed');
}

/** Are all packages of the lock file in node_modules, in its versions? npm writes the list of what it installed last, so an interrupted install has none. */
export function isInstalled(folder = root) {
  const locked = packagesIn(join(folder, 'package-lock.json'));
  const installed = packagesIn(join(folder, 'node_modules/.package-lock.json'));
  return Object.entries(locked)
    .filter(([path]) => path !== '')
    .every(([path, { version, optional }]) => (installed[path] ? installed[path].version === version : optional));
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return {};
  }
}

const withoutRequests = (message) =>
  message
    .split('\n')
    .filter((line) => !line.startsWith('npm http'))
    .join('\n');
