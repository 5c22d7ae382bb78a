import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../paths.mjs';
import { filesIn } from './files.mjs';

/** Says whether files have changed since something was made of them: a digest of their contents, kept in a file. */
export class Fingerprint {
  #file;
  #paths;

  constructor(file, paths) {
    this.#file = file;
    this.#paths = paths;
  }

  now() {
    const hash = createHash('sha256');
    for (const path of this.#paths()) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
    return hash.digest('hex');
  }

  isStale() {
    return !existsSync(this.#file) || readFileSync(this.#file, 'utf8') !== this.now();
  }

  forget() {
    rmSync(this.#file, { force: true });
  }

  keep(state) {
    writeFileSync(this.#file, state);
  }
}

/** What is compiled, or compiles, in these folders of the repository. */
export const sourcesIn = (...folders) =>
  folders
    .flatMap((folder) => filesIn(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('spec.ts'));
