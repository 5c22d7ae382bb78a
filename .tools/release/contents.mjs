const ABOUT = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/cjs/package.json'];
const PAGE = /^docs\/[\w-]+\.md$/;
const MODULE = /^dist\/(?:esm|cjs)\/((?:src|libs)\/.+)\.(js|d\.ts)$/;

/** What is wrong with the files of a package: one that is missing, one too many. */
export function problemsOfContents(paths, manifest) {
  const there = new Set(paths);
  const halves = ['esm', 'cjs'].map((half) => paths.filter((path) => path.startsWith(`dist/${half}/`)));
  return [
    ...[...new Set([...ABOUT, ...namedFiles(manifest)])]
      .filter((path) => !there.has(path))
      .map((path) => `${path} is missing.`),
    ...paths.filter((path) => !isExpected(path)).map((path) => `${path} must not be in the package.`),
    ...halves.flatMap((half) => half.filter((path) => !hasTwin(path, there)).map((path) => `${path} has no twin.`)),
  ];
}

const isExpected = (path) =>
  ABOUT.includes(path) || PAGE.test(path) || (MODULE.test(path) && !/\.(e2e-)?spec\./.test(path));

/** Each module is in both halves. */
const hasTwin = (path, there) =>
  ABOUT.includes(path) ||
  there.has(path.replace(/^dist\/(esm|cjs)/, (_, half) => `dist/${half === 'esm' ? 'cjs' : 'esm'}`));

/** Every file that package.json promises. */
const namedFiles = ({ main, module, types, exports }) =>
  [main, module, types, ...pathsIn(exports)].map((path) => path.replace(/^\.\//, ''));

const pathsIn = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(pathsIn));
