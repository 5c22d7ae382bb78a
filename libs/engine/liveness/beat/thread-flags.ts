/** What decides how Redis is reached, and which files are found. */
const KEPT =
  /^--(tls-(min|max)-v1\.\d|dns-result-order=.+|(no-)?network-family-autoselection|preserve-symlinks|conditions=.+)$/;

/**
 * The flags that the thread of the heartbeat takes over from its process. Without a choice a thread takes all of them, and
 * what `--import` and `--require` load (an instrumentation, a server) would run a second time in it.
 */
export function threadFlags(execArgv: readonly string[]): string[] {
  return execArgv.filter((flag) => KEPT.test(flag));
}
