const NANOSECONDS = 1_000_000_000n;

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: NANOSECONDS,
  m: 60n * NANOSECONDS,
  h: 3_600n * NANOSECONDS,
};

const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g;

/** Whole seconds of a duration as Go writes it, such as `90s` or `1h30m`, the rest cut off; undefined if it is none. */
export function goDurationSeconds(text: string): number | undefined {
  const parts = [...text.matchAll(PART)];
  const hasRest = text === '' || parts.map(([part]) => part).join('') !== text;
  if (hasRest || parts.some(([, whole, fraction]) => !whole && !fraction)) return undefined;
  const nanoseconds = parts.reduce(
    (sum, [, whole, fraction, unit]) => sum + partNanoseconds(whole, fraction, unit),
    0n,
  );
  return Number(nanoseconds / NANOSECONDS);
}

function partNanoseconds(whole = '', fraction = '', unit = 's'): bigint {
  const size = UNITS[unit] ?? 0n;
  return BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
}
