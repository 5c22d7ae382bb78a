import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** `v0.5.1` is what `go get` resolves to; `master` has unique jobs by key. */
export type Dialect = 'v0.5.1' | 'master';

export const DIALECTS: readonly Dialect[] = ['v0.5.1', 'master'];

/** The Go programs, built with one version of gocraft/work. */
export interface GoPrograms {
  /** The folder that holds them. */
  readonly programs: string;
  /** What `go` needs to build them again. */
  readonly modfile: string;
  readonly tags: string;
  readonly env: Readonly<Record<string, string>>;
  /** A tag, or the beginning of a commit of master. */
  readonly version: string;
  /** What the first of the five fields of a periodic spec is. */
  readonly cron: 'seconds first' | 'minutes first';
  /** For example `1.26.8`. */
  readonly goVersion: string;
}

const root = join(__dirname, '../../..');
const found = new Map<Dialect, GoPrograms | undefined>();

/**
 * Finds `go`, gets gocraft/work and builds the programs, unless that is done. Where it cannot be, one loud line says why, once
 * in a test run, and the answer is undefined. It blocks, since a file must say while it loads which of its tests can run.
 */
export function goInterop(dialect: Dialect): GoPrograms | undefined {
  if (!found.has(dialect)) found.set(dialect, build(dialect));
  return found.get(dialect);
}

function build(dialect: Dialect): GoPrograms | undefined {
  const { status, stdout } = spawnSync(process.execPath, [join(root, '.tools/interop.mjs'), dialect], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`The Go programs of the interop tests (${dialect}) could not be built: see above.`);
  const result = JSON.parse(stdout) as GoPrograms | { readonly missing: string };
  return 'missing' in result ? undefined : result;
}
