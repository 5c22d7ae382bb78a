import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sources } from '../libs/store/scripts/sources.generated.js';

const folder = join(__dirname, '../libs/store/scripts');
const entries = readdirSync(folder, { withFileTypes: true });
const namesOf = (ending: string) =>
  entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map(({ name }) => name.slice(0, -ending.length));
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const scripts = namesOf('.lua');

describe('the scripts', () => {
  it.each(scripts)('%s.lua has its wrapper beside it', (name) => {
    expect(read(`${name}.ts`)).toContain(`new Script(sources.${camelCase(name)})`);
  });

  it.each(scripts)('%s.lua begins with its contract', (name) => {
    const [head = ''] = read(`${name}.lua`).split(/^(?!--)/m, 1);
    expect(head).toMatch(new RegExp(`^-- ${name}: `));
    for (const part of ['KEYS[', 'Returns ', 'Cost ']) expect(head).toContain(`\n-- ${part}`);
  });

  it('have nothing beside them but wrappers: parts stand in a folder of the name of their script, or in "shared"', () => {
    const wrappers = namesOf('.ts').filter((name) => !/\.(spec|generated)$/.test(name));
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(wrappers.toSorted()).toEqual(scripts.toSorted());
    expect(folders.filter((name) => name !== 'shared' && !scripts.includes(name))).toEqual([]);
  });

  it('are made of parts that say at their head what they need besides', () => {
    const parts = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => /\/.*\.lua$/.test(name));
    expect(parts.filter((name) => !/^(?:--.*\n)*-- Needs: /.test(read(name)))).toEqual([]);
  });

  it('are told to Redis whole, with what they include', () => {
    for (const text of Object.values(sources)) expect(text).not.toMatch(/^-- include /m);
    expect(sources.moveBack).toContain('local function heal_lock(');
  });

  it('are files of at most 250 lines that treat payloads as opaque bytes', () => {
    const files = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.lua'));
    expect(files.filter((name) => read(name).split('\n').length > 250)).toEqual([]);
    expect(files.filter((name) => read(name).includes('cjson'))).toEqual([]);
  });
});
