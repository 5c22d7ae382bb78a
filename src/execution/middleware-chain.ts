import type { Type } from '@nestjs/common';
import type { ContextId } from '@nestjs/core';
import { JobContext } from '../context/index.js';
import type { Middleware } from '#engine';
import type { NestModule, ProviderWrapper } from '../discovery/index.js';
import { MissingMiddlewareError } from '../errors/index.js';
import { providerInstances } from './provider-instances.js';
import type { WorkMiddleware } from './work-middleware.js';

/**
 * The provider of each class.
 *
 * @throws MissingMiddlewareError for a class that no module provides
 */
export function findMiddleware(
  classes: readonly Type<WorkMiddleware>[],
  modules: Iterable<NestModule>,
): ProviderWrapper[] {
  const all = [...modules];
  return classes.map((type) => {
    const module = all.find((each) => each.providers.has(type));
    const wrapper = module?.providers.get(type);
    if (!wrapper)
      throw new MissingMiddlewareError(type.name, 'no module provides it. List it under "providers" of one.');
    if (typeof (type.prototype as Partial<WorkMiddleware>).use !== 'function') {
      throw new MissingMiddlewareError(type.name, 'it has no method use(job, next). Implement WorkMiddleware.');
    }
    return wrapper;
  });
}

/** One middleware of the engine; runs where the JobContext is known. */
export async function middlewareOf(
  wrapper: ProviderWrapper,
  contextIdOf: (job: JobContext) => ContextId,
): Promise<Middleware> {
  const instances = await providerInstances(wrapper);
  const use = (middleware: object, next: () => Promise<unknown>) =>
    (middleware as WorkMiddleware).use(currentJob(), next);
  const middleware: Middleware = instances.isStatic
    ? (_, next) => use(instances.instance, next)
    : async (_, next) => use(await instances.inContext(contextIdOf(currentJob())), next);
  return Object.defineProperty(middleware, 'name', { value: wrapper.name });
}

function currentJob(): JobContext {
  return JobContext.current()!;
}
