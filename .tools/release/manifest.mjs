import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What only the repository needs. `imports` is for sources: what is built names files. */
const OURS = ['private', 'scripts', 'devDependencies', 'overrides', 'imports'];
const SOURCE_CONDITION = 'nestjs-work-source';

/** The package.json that is published. */
export function publishedManifest() {
  const kept = Object.entries(manifest).filter(([name]) => !OURS.includes(name));
  const published = Object.fromEntries(kept);
  return { ...published, exports: mapValues(published.exports, withoutSource) };
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function withoutSource(target) {
  if (typeof target === 'string') return target;
  const { [SOURCE_CONDITION]: _, ...published } = target;
  return published;
}
