/** How Go writes backspace and form feed: short since Go 1.22, as `\u0008` and `\u000c` before. */
export type GoEscapes = 'go1.22' | 'go1.21';

const NEEDS_ESCAPE = /["\\\u0000-\u001f<>&\u2028\u2029\ud800-\udfff]/;
const ESCAPED = /["\\\u0000-\u001f<>&\u2028\u2029\p{Surrogate}]/gu;
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const SHORT_SINCE_1_22: Readonly<Record<string, string>> = { ...SHORT, '\b': '\\b', '\f': '\\f' };
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A JSON string as Go's encoding/json writes it; half of a surrogate pair becomes `\ufffd`. */
export function quoteAsGo(text: string, escapes: GoEscapes): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  const short = escapes === 'go1.21' ? SHORT : SHORT_SINCE_1_22;
  return `"${text.replace(ESCAPED, (character) => short[character] ?? unicodeEscape(character))}"`;
}

function unicodeEscape(character: string): string {
  if (LONE_SURROGATE.test(character)) return '\\ufffd';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
