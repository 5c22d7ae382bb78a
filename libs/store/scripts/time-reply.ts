/** Milliseconds since the epoch of what TIME answers within a script. */
export function timeReplyMs(seconds: unknown, microseconds: unknown): number {
  return Number(String(seconds)) * 1000 + Number(String(microseconds)) / 1000;
}
