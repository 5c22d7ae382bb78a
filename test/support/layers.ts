import { dirname, join, normalize } from 'node:path/posix';
import { moduleReferences, type ModuleReference } from './module-references.js';

/** A folder, and what its files may name besides their own folder, Node's modules and the packages that a user installs. */
export interface Layer {
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Packages that others may name and this layer may not, by the beginning of their name. */
  readonly without?: readonly string[];
  /** Its folders name each other by their index.ts; only these files name others of theirs. */
  readonly foldersByIndex?: { readonly except: readonly string[] };
}

const nest = ['@nestjs/', 'class-validator', 'class-transformer', 'reflect-metadata', 'rxjs'];

/** The layers from the wire up. A layer imports only from those that stand beside it here, each by its name: its index.ts. */
export const layers: readonly Layer[] = [
  { folder: 'libs/protocol', mayImport: [], without: [...nest, 'ioredis'] },
  { folder: 'libs/store', mayImport: ['#protocol'], without: nest },
  {
    folder: 'libs/engine',
    mayImport: ['#protocol', '#store'],
    without: nest,
    foldersByIndex: { except: ['libs/engine/events.ts'] },
  },
  { folder: 'src', mayImport: ['#protocol', '#engine'] },
];

/**
 * The one file that the door of the package passes on as a whole: a user's `declare module` merges with an interface that
 * is declared in another file only through `export *`.
 */
const augmentable = 'libs/engine/enqueue/job-arguments.js';

/** What one file of a layer does against the table, as lines to read. `path` is relative to the repository's top. */
export function violations(path: string, text: string, layer: Layer): readonly string[] {
  return moduleReferences(text).flatMap((reference) => {
    const problem = problemOf(path, reference, layer);
    return problem ? [`${path}:${reference.line} ${problem} ("${reference.specifier}")`] : [];
  });
}

function problemOf(path: string, { specifier, exportsAll }: ModuleReference, layer: Layer): string | undefined {
  const isAugmentable = normalize(join(dirname(path), specifier)) === augmentable;
  if (exportsAll && isAugmentable && path === 'src/index.ts') return undefined;
  if (exportsAll) return 'exports everything of a module: name what is public';
  if (specifier.startsWith('.')) return relativeProblem(path, specifier, layer);
  if (specifier.startsWith('#'))
    return layer.mayImport.includes(specifier) ? undefined : `${layer.folder} may not import it`;
  if (layer.without?.some((name) => specifier.startsWith(name))) return `${layer.folder} does without it`;
  if (/^@nestjs\/[^/]+\/./.test(specifier)) return 'reaches into the inside of a Nest package';
  if (/^nestjs-work(\/|$)/.test(specifier)) return 'is the package itself: use the name of the layer';
  return undefined;
}

/** A file names those of its own layer; what is for tests may also use test. */
function relativeProblem(path: string, specifier: string, layer: Layer): string | undefined {
  const { folder, foldersByIndex } = layer;
  const target = normalize(join(dirname(path), specifier));
  if (target.startsWith(`${folder}/`))
    return foldersByIndex?.except.includes(path) === false ? folderProblem(path, target, folder) : undefined;
  if (/\.(e2e-)?spec\.ts$|\/test\//.test(path) && target.startsWith('test/')) return undefined;
  return `leaves ${folder}: import a layer by its name`;
}

function folderProblem(path: string, target: string, layer: string): string | undefined {
  const folderOf = (file: string) => /^([^/]+)\//.exec(file.slice(layer.length + 1))?.[1];
  const folder = folderOf(target);
  if (folder === undefined || folder === folderOf(path) || target === `${layer}/${folder}/index.js`) return undefined;
  return `reaches into ${layer}/${folder}: name its index.ts`;
}
