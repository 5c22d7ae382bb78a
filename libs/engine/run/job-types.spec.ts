import { InvalidJobNameError } from '#protocol';
import { DuplicateJobError, InvalidJobOptionsError } from './job-type-errors.js';
import { JobTypeRegistry } from './job-types.js';

describe('JobTypeRegistry', () => {
  let registry: JobTypeRegistry;
  const handler = () => undefined;
  beforeEach(() => void (registry = new JobTypeRegistry()));

  it("fills in gocraft/work's defaults and leaves a limit that is not given alone", () => {
    expect(registry.register('send_email', {}, handler)).toEqual({
      name: 'send_email',
      priority: 1,
      maxFails: 4,
      maxConcurrency: undefined,
      skipDead: false,
      backoff: undefined,
      handler,
    });
  });

  it('keeps every option that is given, an explicit "no limit" included', () => {
    const options = { priority: 100_000, maxFails: 1, maxConcurrency: 0, skipDead: true, backoff: () => 5 };
    expect(registry.register('send_email', options, handler)).toEqual({ name: 'send_email', ...options, handler });
  });

  it('hands out a declaration that cannot be changed', () => {
    const type = registry.register('send_email', {}, handler);
    expect(Object.isFrozen(type)).toBe(true);
    expect(registry.get('send_email')).toBe(type);
  });

  it.each<[string, unknown]>([
    ['priority', 0],
    ['priority', 100_001],
    ['priority', 1.5],
    ['priority', '7'],
    ['maxFails', 0],
    ['maxFails', 2.5],
    ['maxFails', Number.NaN],
    ['maxFails', null],
    ['maxConcurrency', -1],
    ['maxConcurrency', Number.POSITIVE_INFINITY],
    ['skipDead', 'yes'],
    ['backoff', 30],
  ])('refuses %s: %p, naming the job and the option', (option, value) => {
    const register = () => registry.register('send_email', { [option]: value }, handler);
    expect(register).toThrow(InvalidJobOptionsError);
    expect(register).toThrow(new RegExp(`"send_email": ${option} is .*, and must be `));
    expect(registry.get('send_email')).toBeUndefined();
  });

  it('refuses an option that does not exist, with the likely one, and options that are none', () => {
    const register = (options: unknown) => () => registry.register('send_email', options as object, handler);
    expect(register({ maxFail: 3 })).toThrow(/"send_email": maxFail does not exist; did you mean "maxFails"\?/);
    expect(register({ maxFail: 3 })).toThrow(InvalidJobOptionsError);
    expect(register(handler)).toThrow(/"send_email": options is .*, and must be an object/);
    expect(register(null)).toThrow(InvalidJobOptionsError);
  });

  it('refuses a second declaration of a name, naming it', () => {
    registry.register('send_email', {}, handler);
    expect(() => registry.register('send_email', {}, handler)).toThrow(DuplicateJobError);
    expect(() => registry.register('send_email', {}, handler)).toThrow(/"send_email" is declared twice/);
  });

  it('refuses a name that would collide with a key of another job', () => {
    expect(() => registry.register('send_email:lock', {}, handler)).toThrow(InvalidJobNameError);
  });

  it('refuses a handler that is no function', () => {
    expect(() => registry.register('send_email', {}, undefined as never)).toThrow(/handler is undefined/);
  });

  it('knows no name of the language itself', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(registry.get(name)).toBeUndefined();
  });

  it('lists its jobs in the order of their declaration', () => {
    registry.register('b', {}, handler);
    registry.register('a', {}, handler);
    expect(registry.names()).toEqual(['b', 'a']);
    expect([...registry].map(({ name }) => name)).toEqual(['b', 'a']);
    expect(registry.names()).toHaveLength(2);
  });
});
