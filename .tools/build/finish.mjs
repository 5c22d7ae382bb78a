import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root } from '../paths.mjs';
import { filesIn } from './files.mjs';

const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Layer name → its index in either half, for example "#engine" → "libs/engine/index.js". */
const layers = Object.entries(imports).map(([name, { default: target }]) => [name, target.replace('./dist/esm/', '')]);

/** Below this file Node takes .js for CommonJS. */
export function finishCommonJs(folder) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ type: 'commonjs' }, null, 2)}\n`);
  rewriteLayerNames(folder);
}

/** Each declaration of the ES modules is one line that points at its twin in dist/cjs. */
export function finishEsModules(folder, commonJsFolder) {
  for (const twin of filesIn(commonJsFolder).filter((file) => file.endsWith('.d.ts'))) {
    const file = join(folder, relative(commonJsFolder, twin));
    const target = join(dirname(folder), 'cjs', relative(commonJsFolder, twin)).replace(/\.d\.ts$/, '.js');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `export * from '${relativeModule(file, target)}';\n`);
  }
  rewriteLayerNames(folder);
  writeFileSync(join(folder, 'libs/engine/here.js'), 'export const here = import.meta.dirname;\n');
}

/**
 * What is published names files, not layers. TypeScript's older module resolutions know no `#engine`, and with
 * skipLibCheck a type would silently become `any`; bundlers differ in what they take for the nearest package.json.
 */
function rewriteLayerNames(folder) {
  for (const file of filesIn(folder).filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = readFileSync(file, 'utf8');
    const rewritten = layers.reduce((before, [name, path]) => {
      const module = relativeModule(file, join(folder, path));
      return before.replaceAll(`'${name}'`, `'${module}'`).replaceAll(`"${name}"`, `"${module}"`);
    }, text);
    if (rewritten !== text) writeFileSync(file, rewritten);
  }
}

function relativeModule(from, to) {
  const path = relative(dirname(from), to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
