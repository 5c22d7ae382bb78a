import { describeRedis } from '../../support/index.js';
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

/** `describe` for tests with Go programs: skipped, and counted as skipped, where they or a Redis cannot be had. */
export function describeGo(dialect: Dialect, name: string, tests: (surroundings: GoSurroundings) => void): void {
  const programs = goInterop(dialect);
  const version = programs && programs.version !== dialect ? `${dialect} (${programs.version})` : dialect;
  const describeHere = programs ? describeRedis : describe.skip;
  describeHere(`${name}, gocraft/work ${version}`, () => {
    let shared: SharedNamespace;
    beforeEach(() => void (shared = new SharedNamespace(programs!)));
    afterEach(() => shared.close());
    tests({ dialect, programs, shared: () => shared });
  });
}

/** The same tests with each dialect. */
export function describeEachGo(name: string, tests: (surroundings: GoSurroundings) => void): void {
  for (const dialect of DIALECTS) describeGo(dialect, name, tests);
}
