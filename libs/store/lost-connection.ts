/** The connection broke, or was silent for too long, while a call was under way: nobody knows whether it was done. */
export class ConnectionLostError extends Error {}

/** Of ioredis' own errors, those with a name. */
const NAMES = new Set(['AbortError', 'ClusterAllFailedError', 'MaxRetriesPerRequestError']);
/** What the texts of the others begin with. */
const TEXTS = [
  'Connection is closed',
  "Stream isn't writeable",
  'Socket timeout',
  'Command timed out',
  'Cluster is',
  'Node is disconnected',
  'No master node is available',
  'None of startup nodes is available',
  'Too many Cluster redirections',
  'All sentinels are unreachable',
];
/** The system's, for example ECONNREFUSED. */
const SYSTEM_CODE = /^E(?!RR_)/;

/**
 * Whether a command failed because its connection was lost, or is not there yet: no reply of Redis, so nobody knows whether
 * it was done, and no fault of who sent it.
 */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof ConnectionLostError || NAMES.has(name) || SYSTEM_CODE.test(code)) return true;
  return TEXTS.some((text) => message.startsWith(text));
}
