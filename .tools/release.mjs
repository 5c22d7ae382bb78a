// Makes the package that is published: builds it anew, packs it, and checks what is in it.
//
//   npm run release                                   dist/nestjs-work-<version>.tgz
//   npm run release -- --publish [--tag next …]       and publishes it, with these options of npm publish
//   node .tools/release.mjs --to FOLDER [--if-stale]  into another folder; of a build that is there, if it is up to date
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installIfNeeded } from './bootstrap/install.mjs';
import { root } from './paths.mjs';
import { endAtSignals } from './processes/signals.mjs';
import { problemsOf } from './release/check.mjs';
import { pack } from './release/pack.mjs';
import { obstacles, publish } from './release/publish.mjs';

const [own, publishOptions] = split(process.argv.slice(2));

endAtSignals();
try {
  process.exitCode = await release();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function release() {
  const options = { to: { type: 'string', default: 'dist' }, 'if-stale': { type: 'boolean', default: false } };
  const { to, 'if-stale': ifStale } = parseArgs({ args: own, options }).values;
  if (publishOptions) refuseIf(await obstacles());
  await installIfNeeded();
  const tarball = await pack(resolve(root, to), { isFresh: !ifStale });
  refuseIf(await problemsOf(tarball));
  console.log(`${relative(root, tarball)} is in order: its files, publint, are-the-types-wrong.`);
  if (publishOptions) return await publish(tarball, publishOptions);
  console.log('To publish it, type: npm run release -- --publish');
  return 0;
}

/** Ours, and from `--publish` on npm's. */
function split(args) {
  const at = args.indexOf('--publish');
  return at < 0 ? [args, undefined] : [args.slice(0, at), args.slice(at + 1)];
}

function refuseIf(problems) {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
