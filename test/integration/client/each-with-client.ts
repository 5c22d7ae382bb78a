import type { Client } from '../../../libs/engine/client/index.js';
import { testRedis, type TestRedis } from '../../support/index.js';
import { clientOf } from '../../support/stored-jobs.js';

export interface ClientInTest {
  readonly test: TestRedis;
  readonly client: Client;
}

/** Gives each test a namespace of its own and a client of it, and closes them when it ends. */
export function eachWithClient(give: (given: ClientInTest) => void): void {
  let test: TestRedis;
  beforeEach(() => {
    test = testRedis();
    give({ test, client: clientOf(test) });
  });
  afterEach(() => test.close());
}
