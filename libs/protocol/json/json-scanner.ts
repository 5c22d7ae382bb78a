/** Where one member of the top-level object stands: byte offsets, ends exclusive, the key's quotes included. */
export interface MemberSpan {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The value holds a number literal that is beyond float64, as in `1e400`. */
  readonly overflows: boolean;
}

export interface DocumentScan {
  readonly members: readonly MemberSpan[];
  /** Levels of objects and arrays, the document itself included. */
  readonly depth: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** A literal of fewer bytes and no exponent is within float64. */
const LONGEST_SAFE_LITERAL = 308;
/** So many bytes of a string are looked at one by one before the native search, which costs a call. */
const NEAR = 64;

/**
 * Finds the members of the top-level object. What stands between keys and values is checked; keys and values are not:
 * a document is valid JSON if each of them is. All that matters here is ASCII, so bytes that are no UTF-8 do not either.
 *
 * @returns undefined where there is no object or something is wrong between its members
 */
export function scanDocument(bytes: Uint8Array): DocumentScan | undefined {
  return new Scanner(bytes).document();
}

class Scanner {
  #depth = 1;
  #overflows = false;

  constructor(private readonly bytes: Uint8Array) {}

  document(): DocumentScan | undefined {
    const { bytes } = this;
    const members: MemberSpan[] = [];
    let at = skipSpace(bytes, 0);
    if (bytes[at] !== OPEN_BRACE) return undefined;
    at = skipSpace(bytes, at + 1);
    while (bytes[at] !== CLOSE_BRACE) {
      const member = this.#member(at);
      if (!member) return undefined;
      members.push(member);
      at = skipSpace(bytes, member.valueEnd);
      if (bytes[at] === CLOSE_BRACE) break;
      if (bytes[at] !== COMMA) return undefined;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== QUOTE) return undefined;
    }
    return skipSpace(bytes, at + 1) === bytes.length ? { members, depth: this.#depth } : undefined;
  }

  #member(keyStart: number): MemberSpan | undefined {
    const { bytes } = this;
    if (bytes[keyStart] !== QUOTE) return undefined;
    const keyEnd = skipString(bytes, keyStart);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return undefined;
    const valueStart = skipSpace(bytes, colon + 1);
    this.#overflows = false;
    const valueEnd = this.#skipValue(valueStart);
    return { keyStart, keyEnd, valueStart, valueEnd, overflows: this.#overflows };
  }

  /**
   * The end of the value that starts at `from`: where its outermost bracket closes, or before what cannot belong to it. In one
   * piece, since it looks at each byte of each job.
   */
  #skipValue(from: number): number {
    const { bytes } = this;
    const { length } = bytes;
    let open = 0;
    for (let at = from; at < length;) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        at = skipString(bytes, at);
        if (open === 0) return at;
      } else if (byte === MINUS || isDigit(byte)) {
        at = this.#skipNumber(at);
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++open >= this.#depth) this.#depth = open + 1;
        at++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (open === 0) return at;
        at++;
        if (--open === 0) return at;
      } else {
        if (open === 0 && (byte === COMMA || byte <= 0x20)) return at;
        at++;
      }
    }
    return length;
  }

  #skipNumber(from: number): number {
    const { bytes } = this;
    let at = from + 1;
    let hasExponent = false;
    for (; at < bytes.length && isNumberByte(bytes[at] as number); at++) hasExponent ||= (bytes[at] as number) > NINE;
    if (hasExponent || at - from > LONGEST_SAFE_LITERAL)
      this.#overflows ||= !Number.isFinite(numberAt(bytes, from, at));
    return at;
  }
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at] as number)) at++;
  return at;
}

/** From the opening quote to after the closing one; to the end of the bytes where there is none. */
function skipString(bytes: Uint8Array, start: number): number {
  const near = Math.min(bytes.length, start + NEAR);
  let at = start + 1;
  for (; at < near; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return endOfLongString(bytes, at);
}

/** `from` is no escaped byte. */
function endOfLongString(bytes: Uint8Array, from: number): number {
  for (let at = from; ;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return bytes.length;
    at = quote + 1;
    if (backslashesBefore(bytes, quote, from) % 2 === 0) return at;
  }
}

function backslashesBefore(bytes: Uint8Array, end: number, from: number): number {
  let start = end;
  while (start > from && bytes[start - 1] === BACKSLASH) start--;
  return end - start;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Digits, `-`, `+`, `.`, `e`, `E`. */
function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}

function numberAt(bytes: Uint8Array, from: number, to: number): number {
  return Number(Buffer.from(bytes.subarray(from, to)).toString('latin1'));
}
