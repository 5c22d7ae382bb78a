import { runInNewContext } from 'node:vm';
import { bounded, errorText, failureText } from './error-text.js';

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

  it('says what gathered errors say as well, each once', () => {
    const refused = [new Error('connect ECONNREFUSED ::1:9'), new Error('connect ECONNREFUSED 127.0.0.1:9')];
    expect(errorText(new AggregateError([...refused, refused[0]]))).toBe(
      'connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9',
    );
    expect(errorText(new AggregateError([new Error('no'), new Error('never'), 'text'], 'all failed'))).toBe(
      'all failed: no; never',
    );
    expect(errorText(new AggregateError([new Error('no')], 'all say no'))).toBe('all say no');
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

describe('failureText', () => {
  const caused = (text: string, cause: unknown) => new Error(text, { cause });

  it.each<[string, unknown, string]>([
    [
      'what caused an error',
      caused('fetch failed', new Error('ECONNREFUSED ::1:9')),
      'fetch failed (caused by ECONNREFUSED ::1:9)',
    ],
    ['each cause in turn', caused('a', caused('b', new Error('c'))), 'a (caused by b, caused by c)'],
    ['a cause once', caused('refused: b', new Error('b')), 'refused: b'],
    [
      'a cause that gathers others',
      caused('a', new AggregateError([new Error('x'), new Error('y')])),
      'a (caused by x; y)',
    ],
    ['a cause where the error has no text', caused('', new Error('b')), '(caused by b)'],
    ['nothing of a cause that is no error', caused('a', { code: 7 }), 'a'],
    ['any other value as it looks', 42, '42'],
  ])('says %s', (_, thrown, text) => {
    expect(failureText(thrown)).toBe(text);
  });

  it('ends where causes lead in a circle, or cannot be read', () => {
    const circle = new Error('a');
    circle.cause = circle;
    expect(failureText(circle)).toBe('a');
    const hostile = Object.defineProperty(new Error('a'), 'cause', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(failureText(hostile)).toBe('a');
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
