/** How Go writes backspace and form feed: short since Go 1.22, as `\u0008` and `\u000c` before. */
export type GoEscapes = 'go1.22' | 'go1.21';

// oxlint-disable-next-line no-control-regex
const MAY_NEED_ESCAPE = /["\\\u0000-\u001f<>&\u2028\u2029\ud800-\udfff]/;

/** What Go writes for an ASCII character, by code; no entry = the character itself. */
const ESCAPES_BEFORE_1_22 = asciiEscapes({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' });
const ESCAPES = [...ESCAPES_BEFORE_1_22];
ESCAPES[0x08] = '\\b';
ESCAPES[0x0c] = '\\f';

/** Whether sorting by UTF-16 units may differ from sorting by UTF-8 bytes. */
export function hasSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** A JSON string as Go's encoding/json writes it; half of a surrogate pair becomes `\ufffd`. */
export function quoteAsGo(text: string, escapes: GoEscapes): string {
  const first = text.search(MAY_NEED_ESCAPE);
  return first < 0 ? `"${text}"` : quoteSlowly(text, first, escapes === 'go1.21' ? ESCAPES_BEFORE_1_22 : ESCAPES);
}

function quoteSlowly(text: string, from: number, ascii: readonly (string | undefined)[]): string {
  let json = '"';
  let done = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const escape = code < 0x80 ? ascii[code] : escapeBeyondAscii(text, at, code);
    if (escape === undefined) continue;
    json += text.slice(done, at) + escape;
    done = at + 1;
  }
  return `${json}${text.slice(done)}"`;
}

function escapeBeyondAscii(text: string, at: number, code: number): string | undefined {
  if (code === 0x2028) return '\\u2028';
  if (code === 0x2029) return '\\u2029';
  const isHalf = isHigh(code) ? !isLow(text.charCodeAt(at + 1)) : isLow(code) && !isHigh(text.charCodeAt(at - 1));
  return isHalf ? '\\ufffd' : undefined;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function asciiEscapes(short: Readonly<Record<string, string>>): (string | undefined)[] {
  return Array.from({ length: 0x80 }, (_, code) => {
    const character = String.fromCharCode(code);
    const isEscaped = code < 0x20 || '<>&'.includes(character);
    return short[character] ?? (isEscaped ? `\\u${code.toString(16).padStart(4, '0')}` : undefined);
  });
}
