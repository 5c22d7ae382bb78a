/**
 * Whether Redis itself answered with an error, for example `OOM` or `NOSCRIPT`: then the command was not applied (or, for
 * a script that raised midway, as far as it got). Every other error means *unknown*: sent perhaps, applied perhaps.
 */
export function isErrorReply(error: unknown, code?: string): error is Error {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return false;
  return code === undefined || error.message.startsWith(code);
}
