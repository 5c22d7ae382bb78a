/** So many milliseconds and, by chance, up to a `share` more: so that the pools of a fleet do not do it all at once. */
export function jittered(ms: number, random: () => number, share = 0.2): number {
  return ms * (1 + share * random());
}
