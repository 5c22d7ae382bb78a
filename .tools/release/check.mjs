import { join } from 'node:path';
import { root } from '../paths.mjs';
import { output } from '../processes/commands.mjs';
import { problemsOfContents } from './contents.mjs';
import { publishedManifest } from './manifest.mjs';

const binary = (name) => join(root, 'node_modules/.bin', name);

/** What is wrong with a packed package, as texts; none where it may be published. */
export async function problemsOf(tarball) {
  const problems = await Promise.all([
    contents(tarball),
    complaints(binary('publint'), ['run', tarball, '--strict']),
    complaints(binary('attw'), [tarball, '--no-color']),
  ]);
  return problems.flat();
}

async function contents(tarball) {
  const list = await output('tar', ['-tzf', tarball]);
  const paths = list.split('\n').filter(Boolean);
  return problemsOfContents(
    paths.map((path) => path.replace(/^package\//, '')),
    publishedManifest(),
  );
}

async function complaints(command, args) {
  try {
    await output(command, args, { cwd: root });
    return [];
  } catch (error) {
    return [error.message];
  }
}
