import type { ApplicationConfig, ContextId, ExternalContextCreator, ModuleRef } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { compose, type JobHandler } from '#engine';
import { runInJob, RunningJob, type JobContext } from '../context/index.js';
import type { DiscoveredJob, ProviderWrapper } from '../discovery/index.js';
import { hasAppWideChain } from './app-wide-enhancers.js';
import { enhancersOf, needsChain } from './enhancers.js';
import type { HandlerArguments } from './handler-arguments.js';
import { HandlerChains, type Chain } from './handler-chain.js';
import { HandlerFilters } from './handler-filters.js';
import { JobArgumentsHost } from './job-arguments-host.js';
import { contextIds, type ContextIds } from './job-scope.js';
import { middlewareOf } from './middleware-chain.js';
import { providerInstances } from './provider-instances.js';

export interface Surroundings {
  readonly creator: ExternalContextCreator;
  readonly moduleRef: ModuleRef;
  /** Given where the application's own guards, interceptors, pipes and filters apply to jobs. */
  readonly appWide: ApplicationConfig | undefined;
  readonly middleware: readonly ProviderWrapper[];
}

/** Runs the handler of one job; where its context is. */
type Invoke = (job: JobContext) => unknown;

/** All that can be made before the first run is made here, once. */
export async function jobHandler(
  job: DiscoveredJob,
  args: HandlerArguments,
  surroundings: Surroundings,
): Promise<JobHandler> {
  const ids = contextIdsOf(job, surroundings);
  const invoke = await withFilters(job, await invocation(job, args, surroundings, ids), surroundings, ids);
  const middleware = await Promise.all(surroundings.middleware.map((wrapper) => middlewareOf(wrapper, ids)));
  if (middleware.length === 0) return inJob((_, context) => invoke(context));
  const contexts = new WeakMap<object, JobContext>();
  const composed = compose(middleware, (run) => invoke(contexts.get(run)!));
  return inJob((run, context) => {
    contexts.set(run, context);
    return composed(run);
  });
}

function inJob(work: (run: Parameters<JobHandler>[0], context: JobContext) => unknown): JobHandler {
  return (run) => {
    const context = new RunningJob(run);
    return runInJob(context, () => work(run, context));
  };
}

function contextIdsOf({ handler }: DiscoveredJob, { middleware, moduleRef }: Surroundings): ContextIds {
  const resolved = [handler.provided.wrapper, ...middleware].filter((wrapper) => !wrapper.isDependencyTreeStatic());
  return contextIds(
    moduleRef,
    resolved.every((wrapper) => wrapper.isDependencyTreeDurable()),
  );
}

async function invocation(
  job: DiscoveredJob,
  args: HandlerArguments,
  surroundings: Surroundings,
  ids: ContextIds,
): Promise<Invoke> {
  const { handler } = job;
  const instances = await providerInstances(handler.provided.wrapper);
  const chain = chainFor(job, args, surroundings) ?? directChain(job, args);
  if (instances.isStatic) return runOn(chain(instances.instance));
  return async (context) => {
    const contextId = ids(context);
    return await runOn(chain(await instances.inContext(contextId), contextId))(context);
  };
}

type ChainOf = (instance: object, contextId?: ContextId) => Chain;

const runOn =
  (chain: Chain): Invoke =>
  (context) =>
    chain(context.args, context);

function chainFor(
  { handler }: DiscoveredJob,
  args: HandlerArguments,
  { creator, appWide }: Surroundings,
): ChainOf | undefined {
  if (!needsChain(enhancersOf(handler)) && !hasAppWideChain(appWide)) return undefined;
  const chains = new HandlerChains(creator, handler, (_, context) => args(context), appWide !== undefined);
  return (instance, contextId) => chains.of(instance, contextId);
}

/** A handler without any enhancers is called as it is: a tenth of what Nest's chain costs. */
function directChain({ handler }: DiscoveredJob, args: HandlerArguments): ChainOf {
  const { method, takesArguments } = handler;
  return (instance) => {
    // The method is looked up at each run: a test may have put a spy in its place.
    const methods = instance as Record<string | symbol, (...given: unknown[]) => unknown>;
    const call = (...given: unknown[]) => settled(methods[method]!(...given));
    if (!takesArguments) return (_, context) => call(context);
    return (_, context) => {
      const given = args(context);
      return given instanceof Promise ? given.then((value) => call(value, context)) : call(given, context);
    };
  };
}

function settled(result: unknown): unknown {
  return isObservable(result) ? lastValueFrom(result) : result;
}

async function withFilters(
  { handler }: DiscoveredJob,
  invoke: Invoke,
  { appWide }: Surroundings,
  ids: ContextIds,
): Promise<Invoke> {
  const filters = await HandlerFilters.of(handler, appWide);
  if (filters.isEmpty) return invoke;
  const isStatic = handler.provided.wrapper.isDependencyTreeStatic();
  return async (context) => {
    try {
      return await invoke(context);
    } catch (error) {
      const host = new JobArgumentsHost(context.args, context);
      throw await filters.errorAfter(error, host, isStatic ? undefined : ids(context));
    }
  };
}
