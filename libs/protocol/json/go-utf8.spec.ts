import fc from 'fast-check';
import { utf8AsGo, wellFormed } from './go-utf8.js';

describe('utf8AsGo', () => {
  it('reads well-formed UTF-8 as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(utf8AsGo(Buffer.from(text))).toBe(text)));
  });

  // Recorded from Go: []rune(string(bytes)).
  it.each([
    ['ff', 1],
    ['80', 1],
    ['c080', 2],
    ['e282', 2],
    ['eda080', 3],
    ['f09f98', 3],
    ['f4908080', 4],
    ['f888808080', 5],
    ['e080af', 3],
    ['f08080af', 4],
  ])('makes %s that many U+FFFD: %d', (hex, count) => {
    const bytes = Buffer.concat([Buffer.from('é'), Buffer.from(hex, 'hex'), Buffer.from('😀')]);
    expect(utf8AsGo(bytes)).toBe(`é${'\ufffd'.repeat(count)}😀`);
  });

  it('agrees with JavaScript on all but how many U+FFFD there are', () => {
    const collapse = (text: string) => text.replace(/\ufffd+/g, '\ufffd');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (array) => {
        expect(collapse(utf8AsGo(Buffer.from(array)))).toBe(collapse(Buffer.from(array).toString()));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('wellFormed', () => {
  it('replaces halves of surrogate pairs and keeps whole ones', () => {
    expect(wellFormed('a\ud800b\udc00\ud83d\ude00')).toBe('a\ufffdb\ufffd😀');
  });
});
