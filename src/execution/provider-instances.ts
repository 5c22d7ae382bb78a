import { ModuleRef, type ContextId } from '@nestjs/core';
import type { NestModule, ProviderWrapper } from '../discovery/index.js';

/** The instance of one provider: the one there is, or one per context. */
export interface ProviderInstances {
  readonly isStatic: boolean;
  /** Only of a provider whose tree is static. */
  readonly instance: object;
  /** In a context of its own; also makes the enhancers that are bound to the provider. */
  inContext(contextId: ContextId): Promise<object>;
}

/**
 * A transient provider calls its tree static, but what Nest holds for it is a bare prototype: it is resolved once here.
 */
export async function providerInstances(wrapper: ProviderWrapper): Promise<ProviderInstances> {
  const module = wrapper.host as NestModule;
  const moduleRef = module.getProviderByKey<ModuleRef>(ModuleRef).instance;
  const resolve = (contextId?: ContextId) =>
    moduleRef.resolve<unknown, object>(wrapper.token as never, contextId, { strict: true });
  const isStatic = wrapper.isDependencyTreeStatic();
  const instance = isStatic && wrapper.isTransient ? await resolve() : (wrapper.instance as object);
  return { isStatic, instance, inContext: resolve };
}
