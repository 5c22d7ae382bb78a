import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { here } from '../../here.js';
import { isError } from './error-text.js';

const MAX_CAUSES = 3;
const FOLDERS = ['libs', 'src'].map((folder) => join(here, '../..', folder, '/'));
/** As frames name files: by path in CommonJS, by URL in ES modules. */
const OURS = [...FOLDERS, ...FOLDERS.map((folder) => pathToFileURL(folder).href)];

/**
 * The stack, and below it those of what caused the error: "fetch failed" alone says nothing. Without the frames of this
 * package and of Node below the application's own, which are the same for every job. Empty where none is an error.
 */
export function errorStack(thrown: unknown): string {
  const stacks: string[] = [];
  try {
    for (let error = thrown; isError(error) && stacks.length <= MAX_CAUSES; error = error.cause)
      stacks.push(applicationsPart(String(error.stack)));
  } catch {
    // a stack that cannot be read is left out
  }
  return stacks.join('\ncaused by ');
}

/** All of it where the application has no part in it. */
function applicationsPart(stack: string): string {
  const lines = stack.split('\n').filter((line) => !isOurs(line));
  const last = lines.findLastIndex((line) => isFrame(line) && !isOfNode(line));
  return last < 0 ? stack : lines.slice(0, last + 1).join('\n');
}

function isFrame(line: string): boolean {
  return /^ +at /.test(line);
}

function isOurs(line: string): boolean {
  return isFrame(line) && OURS.some((folder) => line.includes(folder));
}

function isOfNode(line: string): boolean {
  return /[( ]node:/.test(line);
}
