import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesIn } from '../build/files.mjs';
import { Fingerprint } from '../build/fingerprint.mjs';
import { cacheFolder, root } from '../paths.mjs';
import { output } from '../processes/commands.mjs';
import { whyNotFetched } from './why-not-fetched.mjs';

const sources = join(root, 'test/interop/go');
const DOWNLOAD_MS = 120_000;
const BUILD_MS = 300_000;
/** Nothing around the repository changes what is built. */
const env = { CGO_ENABLED: '0', GOWORK: 'off' };

/** A version of gocraft/work, or a module that it needs, cannot be had here. */
export class MissingModulesError extends Error {}

/**
 * The three programs, built with one version of gocraft/work where that is not done: their folder, and with which module
 * file, tags and environment `go` builds them.
 *
 * @throws MissingModulesError
 */
export async function programsOf(candidate, go, goVersion) {
  const folder = join(cacheFolder, 'interop', candidate.name);
  const modfile = join(folder, candidate.modfile);
  const built = { programs: join(folder, 'programs'), modfile, tags: candidate.tags.join(), env };
  const fingerprint = new Fingerprint(join(folder, 'fingerprint'), sourcePaths);
  const state = `${goVersion} ${fingerprint.now()}`;
  if (kept(join(folder, 'fingerprint')) === state) return built;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build(candidate, go, folder, built);
  fingerprint.keep(state);
  return built;
}

const sourcePaths = () => filesIn(sources).map((file) => relative(root, file));

function kept(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The module file is used from the cache, so that what Go may add to it never changes the repository. */
async function build({ name, modfile: source, adds }, go, folder, { programs, modfile, tags }) {
  for (const file of [source, source.replace(/\.mod$/, '.sum')]) copyFileSync(join(sources, file), join(folder, file));
  const flags = [`-modfile=${modfile}`, `-mod=${adds ? 'mod' : 'readonly'}`, `-tags=${tags}`];
  const run = (timeoutMs, ...args) => output(go, args, { cwd: sources, env: { ...process.env, ...env }, timeoutMs });
  try {
    await run(DOWNLOAD_MS, 'list', ...flags, '-deps', '-f={{""}}', './...');
  } catch (error) {
    const reason = whyNotFetched(error.message);
    if (!reason) throw error;
    throw new MissingModulesError(`gocraft/work ${name} cannot be had: ${reason}`, { cause: error });
  }
  await run(BUILD_MS, 'build', ...flags, '-o', `${programs}/`, './...');
}
