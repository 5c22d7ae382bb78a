import { wireDump } from '../../../test/support/wire-dump.js';
import { encodeArguments } from '../job/arguments.js';
import { Keyspace } from './keyspace.js';
import { uniqueKey } from './unique-key.js';

const keyspace = new Keyspace('w');

describe('uniqueKey', () => {
  it.each<[string, object | null]>([
    ['u', null],
    ['u', {}],
    ['u', { b: 'x<y>&', a: 1 }],
    ['u', { u: 'é\u2028', m: { z: 1, a: [1] }, big: 9007199254740993n }],
    ['uk', { k: 'A' }],
  ])('is the key that gocraft/work wrote for %s %j', (name, args) => {
    const key = uniqueKey(keyspace, name, encodeArguments(name, args));
    expect(wireDump('03-unique').map((dumped) => dumped.key)).toContain(key);
  });

  it('ends after the name where there are no arguments', () => {
    expect(uniqueKey(keyspace, 'u', null)).toBe('w:unique:u:');
  });
});
