import { isUtf8 } from 'node:buffer';

const REPLACEMENT = Buffer.from('\ufffd');

/** UTF-8 as Go reads it: every byte that belongs to no valid sequence is one U+FFFD (JavaScript makes fewer of them). */
export function utf8AsGo(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : mended(bytes).toString();
}

function mended(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length * REPLACEMENT.length);
  let written = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) written += REPLACEMENT.copy(out, written);
    for (let i = 0; i < length; i++) out[written++] = bytes[at + i] as number;
    at += Math.max(length, 1);
  }
  return out.subarray(0, written);
}

/** Bytes of the valid sequence that begins at `at`, or 0: the table of well-formed sequences of the Unicode standard. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (!isWithin(bytes[at + 1], lowest, highest)) return 0;
  for (let i = 2; i < length; i++) if (!isWithin(bytes[at + i], 0x80, 0xbf)) return 0;
  return length;
}

function isWithin(byte: number | undefined, lowest: number, highest: number): boolean {
  return byte !== undefined && byte >= lowest && byte <= highest;
}

const SURROGATE = /\p{Surrogate}/u;
const SURROGATES = /\p{Surrogate}/gu;

/** What Go makes of escapes such as `"\\ud800"`: half of a surrogate pair is U+FFFD. */
export function wellFormed(text: string): string {
  return SURROGATE.test(text) ? text.replace(SURROGATES, '\ufffd') : text;
}
