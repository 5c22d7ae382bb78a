import type { ArgumentsHost, Type } from '@nestjs/common';
import { ModuleRef, type ApplicationConfig, type ContextId } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { CancelError, SnoozeError } from '#engine';
import type { HandlerMethod, NestModule, ProviderWrapper } from '../discovery/index.js';
import { enhancersOf, type Enhancer, type EnhancerClass } from './enhancers.js';
import { contextIdOf } from './job-scope.js';
import { CAUGHT_TYPES } from './nest-metadata.js';

interface Filter {
  catch(error: unknown, host: ArgumentsHost): unknown;
}

interface FilterSource {
  readonly filter: (contextId: ContextId | undefined) => Filter;
  readonly isAppWide: boolean;
}

/**
 * The filters of one handler, chosen as Nest chooses (the method's before the class's before the application's, the last
 * one written first), but run for their effect: in Nest's own chain a filter that returns something makes a failed job a
 * done one, and one that returns nothing gets the error logged a second time.
 */
export class HandlerFilters {
  readonly #sources: readonly FilterSource[];

  private constructor(sources: readonly FilterSource[]) {
    this.#sources = [...sources].reverse();
  }

  /** @param appWide the application's own, where they apply to jobs */
  static async of(handler: HandlerMethod, appWide: ApplicationConfig | undefined): Promise<HandlerFilters> {
    const { wrapper } = handler.provided;
    const own = enhancersOf(handler).filters.map(async (filter) => ({
      filter: await filterOf(filter, wrapper),
      isAppWide: false,
    }));
    return new HandlerFilters([...appWideSources(appWide, wrapper), ...(await Promise.all(own))]);
  }

  get isEmpty(): boolean {
    return this.#sources.length === 0;
  }

  /**
   * Runs the first filter that is for this error, and gives the error that counts: what the filter threw, with the first
   * one as its cause, else the first one. An app-wide filter, written for responses, never replaces it.
   */
  async errorAfter(error: unknown, host: ArgumentsHost, contextId: ContextId | undefined): Promise<unknown> {
    if (error instanceof SnoozeError || error instanceof CancelError) return error;
    const found = this.#sources
      .map(({ filter, isAppWide }) => ({ filter: filter(contextId), isAppWide }))
      .find(({ filter }) => isFor(filter, error));
    if (!found) return error;
    try {
      await run(found.filter, error, host);
      return error;
    } catch (replacement) {
      return found.isAppWide ? error : withCause(replacement, error);
    }
  }
}

async function run(filter: Filter, error: unknown, host: ArgumentsHost): Promise<void> {
  // oxlint-disable-next-line promise/valid-params -- a filter's catch, not a promise's
  const result = await filter.catch(error, host);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}

function withCause(replacement: unknown, cause: unknown): unknown {
  if (!(replacement instanceof Error) || replacement === cause || replacement.cause !== undefined) return replacement;
  Object.defineProperty(replacement, 'cause', { value: cause, configurable: true, writable: true });
  return replacement;
}

/** Whether `@Catch(...)` of its class names this error, or names nothing. */
function isFor(filter: Filter, error: unknown): boolean {
  const prototype = Object.getPrototypeOf(filter) as object;
  const types = (Reflect.getMetadata(CAUGHT_TYPES, prototype) ??
    Reflect.getMetadata(CAUGHT_TYPES, filter.constructor) ??
    []) as EnhancerClass[];
  return types.length === 0 || types.some((type) => error instanceof type);
}

/** A transient filter has an instance for each handler, which Nest gives only to those who ask in its own words: make one. */
async function filterOf(filter: Enhancer, handler: ProviderWrapper): Promise<FilterSource['filter']> {
  if (typeof filter !== 'function') return () => filter as Filter;
  const module = handler.host as NestModule;
  const wrapper = module.injectables.get(filter as Type) as ProviderWrapper;
  if (!wrapper.isTransient || !handler.isDependencyTreeStatic()) return instanceIn(wrapper, handler);
  const made = await module.getProviderByKey<ModuleRef>(ModuleRef).instance.create(filter as Type<Filter>);
  return () => made;
}

function instanceIn(wrapper: ProviderWrapper, handler: ProviderWrapper): FilterSource['filter'] {
  if (wrapper.isDependencyTreeStatic() && !wrapper.isTransient) return () => wrapper.instance as Filter;
  return (contextId) => wrapper.getInstanceByContextId(contextIdOf(contextId!, wrapper), handler.id).instance as Filter;
}

function appWideSources(config: ApplicationConfig | undefined, handler: ProviderWrapper): FilterSource[] {
  if (!config) return [];
  const given = config.getGlobalFilters().map((filter) => () => filter as Filter);
  const scoped = config.getGlobalRequestFilters().map((wrapper) => instanceIn(wrapper as ProviderWrapper, handler));
  return [...given, ...scoped].map((filter) => ({ filter, isAppWide: true }));
}
