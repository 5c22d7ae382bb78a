/** Sorts as Go does, by UTF-8 bytes, which is by code point: JavaScript's own order misplaces astral characters. */
export function sortByUtf8(texts: string[]): string[] {
  return texts.some(hasSurrogate) ? texts.sort(compareCodePoints) : texts.sort();
}

function hasSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
