import { ContextIdFactory, type ContextId } from '@nestjs/core';
import type { JobContext } from '../context/index.js';

/**
 * The dependency injection context of one run. Made by `getByRequest`, which asks the application's durable strategy, as
 * `create` would not; what the strategy throws is an error of the job.
 */
export type ContextIds = (job: JobContext) => ContextId;

interface RegistersRequests {
  registerRequestByContextId(request: unknown, contextId: ContextId): void;
}

/**
 * One context per run, shared by the handler and its middleware, made when it is first asked for.
 *
 * @param isDurable whether all that is resolved in it is durable: REQUEST then is the strategy's payload, else the JobContext
 */
export function contextIds(registry: RegistersRequests, isDurable: boolean): ContextIds {
  const known = new WeakMap<JobContext, ContextId>();
  return (job) => {
    const existing = known.get(job);
    if (existing) return existing;
    const contextId = ContextIdFactory.getByRequest(job as JobContext & Record<string, unknown>);
    registry.registerRequestByContextId(isDurable ? contextId.payload : job, contextId);
    known.set(job, contextId);
    return contextId;
  };
}

/** Where an enhancer or provider lives for a context: a durable one in the context that its strategy keeps. */
export function contextIdOf(
  contextId: ContextId,
  wrapper: { readonly token: unknown; readonly isTransient: boolean; isDependencyTreeDurable(): boolean },
): ContextId {
  const isTreeDurable = !wrapper.isTransient && wrapper.isDependencyTreeDurable();
  return contextId.getParent?.({ token: wrapper.token as never, isTreeDurable }) ?? contextId;
}
