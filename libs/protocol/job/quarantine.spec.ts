import fc from 'fast-check';
import { decodeQuarantined, encodeQuarantined } from './quarantine.js';

const note = fc.record({ reason: fc.string({ unit: 'binary' }), from: fc.string({ unit: 'binary' }), at: fc.nat() });
const bytes = fc.uint8Array().map((array) => Buffer.from(array));

describe('the quarantine', () => {
  it('keeps a note and any bytes', () => {
    fc.assert(
      fc.property(note, bytes, (note, bytes) => {
        expect(decodeQuarantined(encodeQuarantined(note, bytes))).toEqual({ note, bytes });
      }),
    );
  });

  it('is one line of JSON before the bytes, so that redis-cli shows it readably', () => {
    const entry = encodeQuarantined({ reason: 'it has no name', from: 'w:jobs:a', at: 5 }, Buffer.from('{}\n'));
    expect(entry.toString()).toBe('{"reason":"it has no name","from":"w:jobs:a","at":5}\n{}\n');
  });

  it.each(['', 'no note', '{"reason":1,"from":"a","at":2}\nx', 'null\nx', '\n', '[]\nx'])(
    'takes an entry without a note whole: %j',
    (text) => {
      const { note, bytes } = decodeQuarantined(Buffer.from(text));
      expect(bytes.toString()).toBe(text);
      expect(note).toEqual({ reason: 'unknown: no note stands before it', from: '', at: 0 });
    },
  );
});
