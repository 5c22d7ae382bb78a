import type { NestModule, ProviderWrapper } from './nest-types.js';

/** Something in the container that may have handlers. */
export interface ProvidedClass {
  readonly wrapper: ProviderWrapper;
  readonly module: NestModule;
  readonly prototype: object;
  readonly className: string;
  readonly isController: boolean;
  /** For messages, for example `MailModule` or `MailModule, under the token "MAILER"`. */
  readonly whereProvided: string;
}

/** Every class that the application provides, once per token; aliases (`useExisting`) stand for another and are skipped. */
export function* providedClasses(modules: Iterable<NestModule>): Generator<ProvidedClass> {
  for (const module of modules) {
    for (const wrapper of module.providers.values()) yield* provided(module, wrapper, false);
    for (const wrapper of module.controllers.values()) yield* provided(module, wrapper, true);
  }
}

function* provided(module: NestModule, wrapper: ProviderWrapper, isController: boolean): Generator<ProvidedClass> {
  if (wrapper.isAlias) return;
  const prototype = prototypeOf(wrapper);
  if (!prototype) return;
  const className = prototype.constructor?.name || '(anonymous class)';
  yield { wrapper, module, prototype, className, isController, whereProvided: whereProvided(module, wrapper) };
}

/** Of a class, what `new` uses; of a factory or a value, what its instance has. */
function prototypeOf(wrapper: ProviderWrapper): object | undefined {
  if (wrapper.metatype && !wrapper.isNotMetatype) return (wrapper.metatype as { prototype?: object }).prototype;
  const instance: unknown = wrapper.instance;
  if (typeof instance !== 'object' || instance === null) return undefined;
  return (Object.getPrototypeOf(instance) as object | null) ?? undefined;
}

function whereProvided(module: NestModule, wrapper: ProviderWrapper): string {
  const name = module.metatype.name;
  return wrapper.token === wrapper.metatype ? name : `${name}, under the token ${tokenText(wrapper.token)}`;
}

function tokenText(token: unknown): string {
  return typeof token === 'function' ? token.name : typeof token === 'string' ? JSON.stringify(token) : String(token);
}
