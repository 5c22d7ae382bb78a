/** `describe` for tests that need a Redis: skipped, and counted as skipped, where this machine has none. */
export const describeRedis: jest.Describe = process.env['NESTJS_WORK_TEST_REDIS'] ? describe : describe.skip;
