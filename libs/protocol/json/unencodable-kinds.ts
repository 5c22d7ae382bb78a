import { types } from 'node:util';

/** Objects that JSON.stringify would silently turn into `{}`, and what to give instead. */
const KINDS: readonly (readonly [matches: (value: object) => boolean, advice: string])[] = [
  [types.isMap, 'is a Map, which JSON cannot carry; give Object.fromEntries(map)'],
  [types.isSet, 'is a Set, which JSON cannot carry; give [...set]'],
  [types.isPromise, 'is a Promise; await it first'],
  [types.isNativeError, 'is an Error, which JSON cannot carry; give its message'],
  [types.isRegExp, 'is a RegExp, which JSON cannot carry; give its source'],
  [types.isAnyArrayBuffer, 'is an ArrayBuffer, which JSON cannot carry; give new Uint8Array(buffer)'],
  [
    (value) => ArrayBuffer.isView(value),
    'is binary but no Uint8Array; give Array.from(it), or a Uint8Array of its bytes',
  ],
  [types.isWeakMap, 'is a WeakMap, which JSON cannot carry; leave it out'],
  [types.isWeakSet, 'is a WeakSet, which JSON cannot carry; leave it out'],
];

/** Why an object cannot be encoded and what to give instead, or undefined. */
export function whyUnencodable(value: object): string | undefined {
  return KINDS.find(([matches]) => matches(value))?.[1];
}
