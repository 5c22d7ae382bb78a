/** Keys that reach a prototype where an object is merged into another. */
const POLLUTING: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** The way to the first key in `value` that would reach a prototype, for example `args.user.__proto__`; usually none. */
export function pollutingPath(value: unknown, path = 'args'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Object.keys(value)) {
    if (POLLUTING.includes(key)) return `${path}.${key}`;
    const child = (value as Record<string, unknown>)[key];
    if (typeof child !== 'object' || child === null) continue;
    const found = pollutingPath(child, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether no key below is one that every object inherits, such as `toString`: class-transformer leaves those out. */
export function hasOnlyOwnNames(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasOnlyOwnNames);
  for (const key of Object.keys(value)) {
    if (key in Object.prototype || !hasOnlyOwnNames((value as Record<string, unknown>)[key])) return false;
  }
  return true;
}
