/** Where in a script it happened: Redis 6.2 says so before what a command of the script answered, Redis 7 and Valkey behind it. */
const BEFORE = /^(?:ERR Error running script \(call to \w+\): )?(?:@user_script: ?\d+: )*-?/;
const BEHIND = /\s*(?:script: (?:\w{40}, )?on @user_script:\d+\.?)?\s*$/;

/** What Redis said, without where in a script. */
export function replyText({ message }: Error): string {
  return message.replace(BEFORE, '').replace(BEHIND, '');
}

/**
 * Whether Redis itself answered with an error, for example `OOM` or `NOSCRIPT`: then the command was not applied (or, for
 * a script that raised midway, as far as it got). Every other error means *unknown*: sent perhaps, applied perhaps.
 */
export function isErrorReply(error: unknown, code?: string): error is Error {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return false;
  return code === undefined || replyText(error).startsWith(code);
}
