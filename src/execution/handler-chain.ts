import { ApplicationConfig, ExternalContextCreator, type ContextId } from '@nestjs/core';
import type { JobContext } from '../context/index.js';
import type { HandlerMethod } from '../discovery/index.js';
import { defineArgumentMetadata, WORK_ARGUMENTS } from './argument-metadata.js';
import { BODY } from './nest-metadata.js';

/** Guards, interceptors, pipes and the method, for one instance of the handler's class. */
export type Chain = (args: unknown, job: JobContext) => unknown;
/** What the handler shall get for a job's arguments: the place of our validation among the pipes is before all others. */
export type ReadArguments = (args: unknown, job: JobContext) => unknown;
type Container = Parameters<(typeof ExternalContextCreator)['fromContainer']>[0];

const WITHOUT_FILTERS = { guards: true, interceptors: true, filters: false };

/** Builds chains for one handler. */
export class HandlerChains {
  readonly #creator: ExternalContextCreator;
  readonly #handler: HandlerMethod;
  readonly #read: ReadArguments;

  /**
   * Each handler has a creator of its own: Nest 11 keeps what it knows of a method by the method's name, whoever asked
   * first, so that another library that wraps the method would take our pipes away.
   */
  constructor(creator: ExternalContextCreator, handler: HandlerMethod, read: ReadArguments, appWide: boolean) {
    this.#creator = ExternalContextCreator.fromContainer(containerFor(creator, appWide));
    this.#handler = handler;
    this.#read = read;
    defineArgumentMetadata(handler);
  }

  /** @param contextId only for a handler whose tree is not static */
  of(instance: object, contextId?: ContextId): Chain {
    const method = this.#handler.method as string;
    const callback = (instance as Record<string, (...args: unknown[]) => unknown>)[method]!;
    return this.#creator.create(
      instance,
      callback,
      method,
      WORK_ARGUMENTS,
      {
        exchangeKeyForValue: (type: number, data: unknown, args: [unknown, JobContext]) =>
          this.#argument(type, data, args),
      },
      contextId,
      this.#handler.provided.wrapper.id,
      WITHOUT_FILTERS,
      'work',
    ) as Chain;
  }

  /** May be a promise: whatever takes the value awaits it. */
  #argument(type: number, data: unknown, [args, job]: [unknown, JobContext]): unknown {
    if (type !== BODY) return undefined;
    const read = this.#read(args, job);
    if (typeof data !== 'string') return read;
    return read instanceof Promise ? read.then((value) => pick(value, data)) : pick(read, data);
  }
}

function pick(value: unknown, property: string): unknown {
  return (value as Record<string, unknown> | null)?.[property];
}

/**
 * The application's container, or one that knows no app-wide enhancers: Nest's own switches would drop those of the
 * handler too. The only use of the creator's private `container`.
 */
function containerFor(creator: ExternalContextCreator, appWide: boolean): Container {
  const { container } = creator as unknown as { container: Container };
  if (appWide) return container;
  return Object.create(container, { applicationConfig: { value: new ApplicationConfig() } }) as Container;
}
