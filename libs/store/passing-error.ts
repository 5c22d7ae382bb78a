import { isErrorReply } from './error-reply.js';

const PASSING = [
  'LOADING',
  'BUSY ',
  'TRYAGAIN',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'READONLY',
  'NOREPLICAS',
  'MOVED',
  'ASK ',
  'ERR max number of clients',
];

/** Whether Redis refused because of a state that passes by itself: it loads its data, is failing over, is moving slots. */
export function isPassingError(error: unknown): boolean {
  return PASSING.some((code) => isErrorReply(error, code));
}
