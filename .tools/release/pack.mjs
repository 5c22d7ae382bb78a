import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useLibrary } from '../build/library.mjs';
import { inWorkFolder } from '../build/steps.mjs';
import { root } from '../paths.mjs';
import { npmCommand, output } from '../processes/commands.mjs';
import { manifest, publishedManifest } from './manifest.mjs';

/**
 * Makes the tarball in `folder` and gives its path. It is packed of a folder of its own, with a package.json of its own: the
 * repository's is private, so that a bare `npm publish` can never send what happens to lie in dist.
 */
export async function pack(folder, { isFresh }) {
  return await inWorkFolder(async (work) => {
    const staged = join(work, 'package');
    mkdirSync(staged, { recursive: true });
    await useLibrary({ isFresh }, () => copy(staged));
    writeFileSync(join(staged, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
    mkdirSync(folder, { recursive: true });
    const [npm, ...first] = npmCommand();
    await output(npm, [...first, 'pack', staged, '--pack-destination', folder], { cwd: root });
    return join(folder, `${manifest.name}-${manifest.version}.tgz`);
  });
}

function copy(staged) {
  for (const name of manifest.files) cpSync(join(root, name), join(staged, name), { recursive: true });
}
