import { isErrorReply } from '../error-reply.js';
import { isPassingError } from '../passing-error.js';

/** What Redis' error replies begin with, and what to do about each. */
const ADVICE: readonly (readonly [code: string, advice: string])[] = [
  ['READONLY', 'This server is a replica, which takes no writes: connect to its master, or through Sentinel.'],
  ['NOAUTH', 'Give its password in "connection", for example redis://user:password@host:6379.'],
  ['WRONGPASS', 'Correct user and password of "connection".'],
  ['ERR invalid password', 'Correct the password of "connection".'],
  ['NOPERM', 'Allow this to its Redis user (ACL SETUSER): the command, and all keys of the namespace.'],
  ["ERR The user executing the script can't run", 'Allow its Redis user (ACL SETUSER) what the scripts do.'],
  ['WRONGTYPE', 'Another program uses this key: give the application a namespace of its own, or remove the key.'],
  ['OOM', 'Workers go on at this limit, so it may have room again when some jobs are done; else raise maxmemory.'],
  ['MISCONF', 'It takes no writes until it can save them: look at its log and its disk.'],
  ['NOREPLICAS', 'It takes no writes until its replicas are back (min-replicas-to-write).'],
  ['MOVED', 'This server belongs to a Cluster: give "connection" as { nodes: […] }, and a namespace such as "{shop}".'],
  ['CROSSSLOT', 'All keys must be in one slot of the Cluster: write the namespace in braces, for example "{shop}".'],
  ['ERR DB index is out of range', 'Correct the database of "connection".'],
  [
    'ERR SELECT is not allowed in cluster mode',
    'A Cluster has database 0 only: leave the database out of "connection".',
  ],
];

/** What to do about an error reply, as a sentence; '' where Redis' own words have to do. */
export function adviceOnRefusal(error: Error): string {
  const found = ADVICE.find(([code]) => isErrorReply(error, code));
  if (found) return found[1];
  return isPassingError(error) ? 'This passes by itself: try again.' : '';
}

const CERTIFICATE = /CERT|ISSUER|LEAF_SIGNATURE/;
/** What a server and a client say of each other where only one of them speaks TLS. 21 is how an alert of TLS begins. */
const OTHER_LANGUAGE =
  /ECONNRESET|EPROTO|ETIMEDOUT|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|Unknown RESP type 21/;

/**
 * What to do where no Redis answers, as a sentence.
 *
 * @param usesTls undefined: not known
 */
export function adviceOnSilence(error: Error | undefined, usesTls: boolean | undefined): string {
  const { code = '', message = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  const told = `${code} ${message}`;
  if (CERTIFICATE.test(code))
    return 'Its certificate is not accepted: give the authority that signed it as connection.tls.ca, and the name in it as connection.tls.servername.';
  if (code === 'ENOTFOUND') return 'Nobody knows this host name: correct "connection".';
  const isTlsLikely = usesTls !== undefined && (error instanceof HungUpError || OTHER_LANGUAGE.test(told));
  if (isTlsLikely && !usesTls) return `If this port expects TLS, write rediss:// instead of redis://. ${START_IT}`;
  if (isTlsLikely) return `If this port does not speak TLS, write redis:// instead of rediss://. ${START_IT}`;
  if (message.startsWith('Unknown RESP type')) return 'What answers there is no Redis: correct "connection".';
  return START_IT;
}

const START_IT = `Start it, correct "connection", or set whenRedisIsDown: 'wait' to start without it.`;

/** It took the connection and closed it without a word. */
export class HungUpError extends Error {
  constructor() {
    super('it took the connection and closed it');
  }
}
