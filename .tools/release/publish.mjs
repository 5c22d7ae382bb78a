import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { npmCommand, output } from '../processes/commands.mjs';
import { manifest } from './manifest.mjs';

/** What stands in the way of publishing this tree, as texts. */
export async function obstacles() {
  const changes = await output('git', ['status', '--porcelain'], { cwd: root });
  return obstaclesIn(changes, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), manifest.version);
}

export const obstaclesIn = (changes, changelog, version) => [
  ...(changes === '' ? [] : [`What is published must be committed:\n${changes}`]),
  ...(changelog.includes(`\n## ${version}\n`) ? [] : [`CHANGELOG.md has no heading "## ${version}".`]),
];

/** Hands the tarball to `npm publish`, which may ask for a password. Gives its exit code. */
export async function publish(tarball, options) {
  const [npm, ...first] = npmCommand();
  const child = spawn(npm, [...first, 'publish', tarball, ...options], { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code === 0) console.log(`Published. Type: git tag v${manifest.version} && git push --tags`);
  return code ?? 1;
}
