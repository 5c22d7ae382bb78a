import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { type Layer, layers, violations } from './support/layers.js';
import { moduleReferences } from './support/module-references.js';

const root = join(__dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;

const sourcesOf = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the layers', () => {
  it.each(layers.map((layer) => [layer.folder, layer] as const))(
    '%s imports only what its row allows',
    (folder, layer) => {
      expect(sourcesOf(folder).flatMap((path) => violations(path, read(path), layer))).toEqual([]);
    },
  );

  it('has a row for every folder that is built, and for no other', () => {
    const built = [...readdirSync(join(root, 'libs')).map((name) => `libs/${name}`), 'src'];
    const byName = (a: string, b: string) => a.localeCompare(b);
    expect(layers.map(({ folder }) => folder).toSorted(byName)).toEqual(built.toSorted(byName));
  });

  it('imports, in what is published, only packages that its users have installed', () => {
    const known = new Set([
      ...Object.keys(manifest['dependencies'] ?? {}),
      ...Object.keys(manifest['peerDependencies'] ?? {}),
      ...builtinModules.flatMap((name) => [name, `node:${name}`]),
    ]);
    const published = ['libs', 'src'].flatMap(sourcesOf).filter((path) => !path.endsWith('.spec.ts'));
    const unknown = published.flatMap((path) =>
      moduleReferences(read(path))
        .map(({ specifier }) => packageName(specifier))
        .filter((name) => !/^[.#]/.test(name) && !known.has(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it('lets the sample app see the package as a user does, by its name alone', () => {
    const row: Layer = { folder: 'sample-app', mayImport: [] };
    // Its own tests borrow the private Redis of the run from test/support.
    const sources = sourcesOf('sample-app').filter((path) => !path.includes('sample-app/test/'));
    const seen = sources.flatMap((path) => violations(path, read(path), row));
    expect(seen.filter((line) => !line.includes('is the package itself'))).toEqual([]);
  });
});

describe('the check of the layers', () => {
  const engine = layers.find(({ folder }) => folder === 'libs/engine') as Layer;
  const source = layers.find(({ folder }) => folder === 'src') as Layer;

  it.each([
    ['an import that goes upward', "import { WorkModule } from '#above';"],
    ['a type imported from above', "import type { WorkModule } from '#above';"],
    ['a dynamic import', "const late = () => import('#above');"],
    ['a type by import()', "type Late = import('#above').Late;"],
    ['a re-export', "export { Late } from '#above';"],
    ['require', "const late = require('#above');"],
    ['import =', "import late = require('#above');"],
    ['a way into another layer by its files', "import { Script } from '../store/script.js';"],
    ['a way into another layer by its name', "import { Script } from '#store/script.js';"],
    ['a way into another folder by its files', "import { RepeatingTask } from './background/repeating-task.js';"],
    ['export *', "export * from './clock.js';"],
    ['export * as', "export * as clock from './clock.js';"],
    ['Nest below the Nest face', "import { Injectable } from '@nestjs/common';"],
    ['the package itself', "import { Enqueuer } from 'nestjs-work';"],
  ])('refuses %s', (_, text) => {
    expect(violations('libs/engine/a.ts', text, engine)).toEqual([expect.stringMatching(/^libs\/engine\/a\.ts:1 /)]);
  });

  it("refuses Nest's insides, also in the Nest face", () => {
    const text = "import { Injector } from '@nestjs/core/injector/injector.js';";
    expect(violations('src/a.ts', text, source)).toEqual([expect.stringContaining('inside of a Nest package')]);
  });

  it('lets a folder name its own files and the index.ts of others, and one file all', () => {
    const text =
      "import { a } from './b.js'; import { c } from '../background/index.js'; import { d } from '../clock.js';";
    expect(violations('libs/engine/time/a.ts', text, engine)).toEqual([]);
    const events = "import type { StopTally } from './fetcher/stop-tally.js';";
    expect(violations('libs/engine/events.ts', events, engine)).toEqual([]);
    expect(violations('libs/engine/clock.ts', events, engine)).toHaveLength(1);
  });

  it('lets a spec, and nothing else, use test/support', () => {
    const text = "import { waitFor } from '../../test/support/index.js';";
    expect(violations('libs/engine/a.spec.ts', text, engine)).toEqual([]);
    expect(violations('libs/engine/a.ts', text, engine)).toHaveLength(1);
  });

  it('lets a file use its own folder, the layers below, Node and its packages', () => {
    const text = `
      import { readFileSync } from 'node:fs';
      import { Redis } from 'ioredis';
      import { Keyspace } from '#protocol';
      import { epochSeconds } from '../clock.js';
      // import { Nothing } from '#above';`;
    expect(violations('libs/engine/a/b.ts', text, engine)).toEqual([]);
  });
});

const packageName = (specifier: string): string =>
  specifier.startsWith('node:') ? specifier : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
