import { runInNewContext } from 'node:vm';
import { bounded, errorText } from './error-text.js';

describe('errorText', () => {
  it.each<[string, unknown, string]>([
    ["an error's message", new Error('boom'), 'boom'],
    ['nothing for an error without text', new Error(''), ''],
    ['a string as it is', 'kapow', 'kapow'],
    ['undefined by its name', undefined, 'undefined'],
    ['null by its name', null, 'null'],
    ['a number as written', 42, '42'],
    ['an object by its fields', { code: 7, why: 'x' }, "{ code: 7, why: 'x' }"],
    ['a symbol by its name', Symbol('s'), 'Symbol(s)'],
    ['an error of another realm', runInNewContext('new TypeError("foreign")'), 'foreign'],
  ])('gives %s', (_, thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });

  it('speaks with the messages of gathered errors where an error has none, each once', () => {
    const refused = [new Error('connect ECONNREFUSED ::1:9'), new Error('connect ECONNREFUSED 127.0.0.1:9')];
    expect(errorText(new AggregateError([...refused, refused[0]]))).toBe(
      'connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9',
    );
    expect(errorText(new AggregateError(refused, 'all failed'))).toBe('all failed');
  });

  it('survives an error whose message throws', () => {
    const hostile = Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(errorText(hostile)).toBe('an error that cannot be read');
  });
});

describe('bounded', () => {
  it('leaves a text that fits alone', () => {
    expect(bounded('é'.repeat(8), 16)).toBe('é'.repeat(8));
  });

  it('cuts between characters, with an ellipsis, to so many bytes at most', () => {
    for (const character of ['a', 'é', '€', '😀'])
      for (let maxBytes = 8; maxBytes < 16; maxBytes += 1) {
        const cut = bounded(character.repeat(100), maxBytes);
        expect(cut.replaceAll(character, '')).toBe('…');
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
        expect(Buffer.byteLength(cut)).toBeGreaterThan(maxBytes - 4);
      }
  });
});
