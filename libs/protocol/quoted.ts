/** Longer than any name that may be declared. */
const LONGEST = 128;

/**
 * A value that somebody gave, as it stands in a message: text in quotes, anything else as it looks, cut after 128
 * characters. Never throws, whatever the value is.
 */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return cut(typeof value === 'object' && value !== null ? objectText(value) : String(value));
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function objectText(value: object): string {
  try {
    return value instanceof Date ? String(value) : (JSON.stringify(value) ?? 'an object');
  } catch {
    return 'an object'; // circular, or it throws when it is read
  }
}
