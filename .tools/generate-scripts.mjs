// Makes one TypeScript module of all Lua scripts in libs/store/scripts, so that the ESM and the CommonJS build, jest
// and an editor find their text the same way. The .lua files stay the source that people read and edit. A line
// "-- include shared/heal-lock.lua" stands for the text of that file.
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './paths.mjs';

const folder = join(root, 'libs/store/scripts');
const target = join(folder, 'sources.generated.ts');

const textOf = (name) =>
  readFileSync(join(folder, name), 'utf8').replace(/^-- include (\S+)\n/gm, (_, fragment) => textOf(fragment));
const camelCase = (fileName) => fileName.replace(/\.lua$/, '').replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

export function generateScripts() {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.lua'))
    .sort();
  const lines = files.map((name) => `  ${camelCase(name)}: ${JSON.stringify(textOf(name))},`);
  const module = `// Made by .tools/generate-scripts.mjs from the .lua files beside it. Edit those.\nexport const sources = {\n${lines.join('\n')}\n} as const;\n`;
  if (!existsSync(target) || readFileSync(target, 'utf8') !== module) writeFileSync(target, module);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generateScripts();
