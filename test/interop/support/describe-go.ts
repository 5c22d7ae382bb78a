import { describeRedis, ownRedis, type OwnRedis } from '../../support/index.js';
import { DIALECTS, goInterop, type Dialect, type GoPrograms } from './go-programs.js';
import { SharedNamespace } from './shared-namespace.js';

/** What the tests of a file are given: a namespace for each. */
export interface GoSurroundings {
  readonly dialect: Dialect;
  /** Undefined where the tests are skipped. */
  readonly programs: GoPrograms | undefined;
  /** That of the test which runs. */
  readonly shared: () => SharedNamespace;
}

type Tests = (surroundings: GoSurroundings) => void;

/**
 * `describe` for tests with Go programs: skipped, and counted as skipped, where they or a Redis cannot be had.
 *
 * @param isAlone whether each test has a Redis that no other uses
 */
export function describeGo(dialect: Dialect, name: string, tests: Tests, isAlone = false): void {
  const programs = goInterop(dialect);
  const version = programs && programs.version !== dialect ? `${dialect} (${programs.version})` : dialect;
  const describeHere = programs ? describeRedis : describe.skip;
  describeHere(`${name}, gocraft/work ${version}`, () => {
    let shared: SharedNamespace;
    let server: OwnRedis | undefined;
    beforeEach(async () => {
      server = isAlone ? await ownRedis() : undefined;
      shared = new SharedNamespace(programs!, server?.url);
    });
    tests({ dialect, programs, shared: () => shared });
    afterEach(async () => {
      await shared.close();
      await server?.kill();
    });
  });
}

/** The same tests with each dialect. */
export function describeEachGo(name: string, tests: Tests): void {
  for (const dialect of DIALECTS) describeGo(dialect, name, tests);
}

/** The same, and each test hears nothing of others in its Redis. */
export function describeEachGoAlone(name: string, tests: Tests): void {
  for (const dialect of DIALECTS) describeGo(dialect, name, tests, true);
}
