// The Go programs of test/interop: `node .tools/interop.mjs v0.5.1` (or `master`) builds them where that is not done, and
// says in one line of JSON where they are and what they are built of, or why there are none. In one test run
// (NESTJS_WORK_TEST_RUN) it tries once to get what is missing, and tells once that it is.
import { join } from 'node:path';
import { alone } from './build/lock.mjs';
import { MissingModulesError, programsOf } from './interop/build.mjs';
import { candidatesOf } from './interop/candidates.mjs';
import { RunNotes } from './interop/run-notes.mjs';
import { cacheFolder } from './paths.mjs';
import { onPath, output } from './processes/commands.mjs';

const SKIPPED = 'what Go programs and ours do on one namespace is SKIPPED';

const oneLine = (text) => `${JSON.stringify(text.trim().replace(/\s+/g, ' '))}.`;

const [dialect] = process.argv.slice(2);
const candidates = candidatesOf[dialect];
if (!candidates) throw new Error(`There is no dialect ${dialect}: ${Object.keys(candidatesOf).join(' or ')}.`);
const result = await alone('interop', () =>
  find(new RunNotes(join(cacheFolder, 'interop/run.json'), process.env.NESTJS_WORK_TEST_RUN)),
);
console.log(JSON.stringify(result));

async function find(notes) {
  const go = onPath('go');
  if (!go) return missing(notes, `NO GO on PATH: ${SKIPPED}.`);
  const said = await output(go, ['version']).catch((error) => error.message);
  const goVersion = /^go version go(\d+\.\d+\S*)/.exec(said)?.[1];
  if (!goVersion)
    return missing(notes, `NO GO: ${go} does not say which version it is, but ${oneLine(said)} So ${SKIPPED}.`);
  const reasons = [];
  for (const candidate of candidates) {
    const found = await tryOnce(notes, candidate, go, goVersion);
    if (found.built) return take(notes, candidate, { ...found.built, goVersion }, reasons);
    reasons.push(found.missing);
  }
  return missing(notes, `NO MODULES: ${reasons.join(' ')} So ${SKIPPED} for ${dialect}.`);
}

async function tryOnce(notes, candidate, go, goVersion) {
  const before = notes.missing(candidate.name);
  if (before) return { missing: before };
  try {
    return { built: await programsOf(candidate, go, goVersion) };
  } catch (error) {
    if (!(error instanceof MissingModulesError)) throw error;
    notes.noteMissing(candidate.name, error.message);
    return { missing: error.message };
  }
}

function take(notes, { name, cron }, built, reasons) {
  if (reasons.length > 0) notes.tellOnce(`NOT THE LAST COMMIT: ${reasons.join(' ')} ${name} stands for ${dialect}.`);
  return { ...built, version: name, cron };
}

function missing(notes, line) {
  notes.tellOnce(line);
  return { missing: line };
}
