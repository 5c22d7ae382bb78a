import { InvalidJobNameError } from './invalid-job-name-error.js';

/** Longest declared job name, in UTF-16 units. */
export const MAX_JOB_NAME_LENGTH = 128;

/** `<queue of job x><ending>` is another key of job x, so a job named `x<ending>` would use that key as its queue. */
const KEY_ENDINGS = [':inprogress', ':paused', ':lock', ':lock_info', ':max_concurrency'];
const CONTROL_CHARACTER = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Checks a name that a program declares. Names read from Redis are data and are never checked: what Go already uses,
 * colons, spaces and any script included, stays declarable.
 *
 * @throws InvalidJobNameError
 */
export function assertJobName(name: string): void {
  const reason = whatIsWrong(name);
  if (reason) throw new InvalidJobNameError(name, reason);
}

function whatIsWrong(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'it must be text';
  if (name.length === 0) return 'it must not be empty';
  if (name.length > MAX_JOB_NAME_LENGTH) return `it must not be longer than ${MAX_JOB_NAME_LENGTH} characters`;
  if (name.includes(',')) return "it must not contain a comma, which separates the names in a pool's heartbeat";
  if (CONTROL_CHARACTER.test(name)) return 'it must not contain a control character';
  if (LONE_SURROGATE.test(name)) return 'it must not contain half of a surrogate pair, which UTF-8 cannot carry';
  if (KEY_ENDINGS.some((ending) => name.endsWith(ending))) {
    return `it must not end in ${KEY_ENDINGS.join(', ')}, because Redis keys of other jobs end so`;
  }
  return undefined;
}
