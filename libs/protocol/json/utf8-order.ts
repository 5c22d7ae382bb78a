/** Below this many, insertion is faster than Array.prototype.sort and its copies. */
const FEW = 12;

/** Sorts in place as JavaScript does, by UTF-16 units: the order of UTF-8 too, unless there are surrogates. */
export function sortByUtf16(texts: string[]): string[] {
  if (isSorted(texts)) return texts;
  return texts.length > FEW ? texts.sort() : insertionSort(texts);
}

/** Sorts in place as Go does, by UTF-8 bytes, which is by code point. */
export function sortByUtf8(texts: string[]): string[] {
  const bytes = new Map(texts.map((text) => [text, Buffer.from(text)]));
  return texts.sort((a, b) => Buffer.compare(bytes.get(a) as Buffer, bytes.get(b) as Buffer));
}

function isSorted(texts: readonly string[]): boolean {
  for (let i = 1; i < texts.length; i++) {
    if ((texts[i - 1] as string) > (texts[i] as string)) return false;
  }
  return true;
}

function insertionSort(texts: string[]): string[] {
  for (let i = 1; i < texts.length; i++) {
    const text = texts[i] as string;
    let at = i;
    for (; at > 0 && (texts[at - 1] as string) > text; at--) texts[at] = texts[at - 1] as string;
    texts[at] = text;
  }
  return texts;
}
