import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root } from '../paths.mjs';
import { filesIn } from './files.mjs';

const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Layer name → its index in either half, for example "#engine" → "libs/engine/index.js". */
const layers = Object.entries(imports).map(([name, { default: target }]) => [name, target.replace('./dist/esm/', '')]);

/** The nearest package.json decides what a .js file is and what `#engine` means: dist/cjs needs its own. */
export function finishCommonJs(folder) {
  const own = { type: 'commonjs', imports: Object.fromEntries(layers.map(([name, path]) => [name, `./${path}`])) };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  for (const file of declarationsIn(folder)) rewriteLayerNames(file, folder);
}

/** TypeScript's older module resolutions know no `#engine`: with skipLibCheck a type would silently become `any`. */
function rewriteLayerNames(file, folder) {
  const text = readFileSync(file, 'utf8');
  const rewritten = layers.reduce(
    (before, [name, path]) =>
      before.replaceAll(new RegExp(`(['"])${name}\\1`, 'g'), `'${relativeModule(file, join(folder, path))}'`),
    text,
  );
  if (/['"]#[a-z]/.test(rewritten))
    throw new Error(`${file} still names a layer that package.json "imports" does not.`);
  writeFileSync(file, rewritten);
}

/** Each declaration of the ES modules is one line that points at its twin in dist/cjs. */
export function finishEsModules(folder, commonJsFolder) {
  for (const twin of declarationsIn(commonJsFolder)) {
    const file = join(folder, relative(commonJsFolder, twin));
    const module = relativeModule(file, join(dirname(folder), 'cjs', relative(commonJsFolder, twin))).replace(
      /\.d\.ts$/,
      '.js',
    );
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `export * from '${module}';\n`);
  }
  writeFileSync(join(folder, 'libs/engine/here.js'), 'export const here = import.meta.dirname;\n');
}

const declarationsIn = (folder) => filesIn(folder).filter((file) => file.endsWith('.d.ts'));

function relativeModule(from, to) {
  const path = relative(dirname(from), to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
