/** Where one member of the top-level object stands: offsets into the text, ends exclusive, the key's quotes included. */
export interface MemberSpan {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface DocumentScan {
  readonly members: readonly MemberSpan[];
  /** Nesting of objects and arrays, the document itself included. */
  readonly depth: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the members of the top-level object without parsing values. It checks only what it must see to go on, so
 * `undefined` means "no object", and an answer does not mean "valid". Bytes decoded as latin1 give byte offsets: all
 * that matters to the structure is ASCII.
 */
export function scanDocument(text: string): DocumentScan | undefined {
  return new Scanner(text).document();
}

class Scanner {
  #at = 0;
  #depth = 1;

  constructor(private readonly text: string) {}

  document(): DocumentScan | undefined {
    const members: MemberSpan[] = [];
    if (!this.#take(OPEN_BRACE)) return undefined;
    if (this.#take(CLOSE_BRACE)) return { members, depth: 1 };
    do {
      const member = this.#member();
      if (!member) return undefined;
      members.push(member);
    } while (this.#take(COMMA));
    return this.#take(CLOSE_BRACE) ? { members, depth: this.#depth } : undefined;
  }

  #member(): MemberSpan | undefined {
    this.#skipWhitespace();
    const keyStart = this.#at;
    if (this.text.charCodeAt(keyStart) !== QUOTE) return undefined;
    this.#skipString();
    const keyEnd = this.#at;
    if (!this.#take(COLON)) return undefined;
    this.#skipWhitespace();
    const valueStart = this.#at;
    this.#skipValue();
    return this.#at > valueStart ? { keyStart, keyEnd, valueStart, valueEnd: this.#at } : undefined;
  }

  #take(code: number): boolean {
    this.#skipWhitespace();
    if (this.text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #skipWhitespace(): void {
    while (isWhitespace(this.text.charCodeAt(this.#at))) this.#at++;
  }

  /** From the opening quote to after the closing one, or to the end of the text. */
  #skipString(): void {
    const { text } = this;
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) at++;
    }
    this.#at = Math.min(at + 1, text.length);
  }

  #skipValue(): void {
    let level = 1;
    while (this.#at < this.text.length) {
      const code = this.text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#skipString();
      } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        this.#depth = Math.max(this.#depth, ++level);
        this.#at++;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        if (level === 1) return;
        level--;
        this.#at++;
      } else if (level === 1 && (code === COMMA || isWhitespace(code))) {
        return;
      } else {
        this.#at++;
      }
    }
  }
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
