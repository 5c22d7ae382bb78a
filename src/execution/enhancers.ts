import type { MethodName } from '../decorators/declaration.js';
import type { HandlerMethod } from '../discovery/index.js';
import { FILTERS, GUARDS, INTERCEPTORS, PIPES, ROUTE_ARGUMENTS, type ParametersMetadata } from './nest-metadata.js';

/** A class for Nest to make an instance of, or an instance. */
export type Enhancer = object;

/** What stands on a handler and its class, in the order in which it was written: the class's first. */
export interface Enhancers {
  readonly guards: readonly Enhancer[];
  readonly interceptors: readonly Enhancer[];
  readonly pipes: readonly Enhancer[];
  readonly filters: readonly Enhancer[];
  /** Decorators of single parameters, with their pipes. */
  readonly parameters: ParametersMetadata;
}

export function enhancersOf({ provided, method }: HandlerMethod): Enhancers {
  const type = classOf(provided.prototype);
  const handler = (provided.prototype as Record<MethodName, object>)[method]!;
  const read = (key: string) => [...metadata(key, type), ...metadata(key, handler)];
  return {
    guards: read(GUARDS),
    interceptors: read(INTERCEPTORS),
    pipes: read(PIPES),
    filters: read(FILTERS),
    parameters: parametersOf(type, method),
  };
}

/** Whether Nest's chain must be built at all; filters run outside of it. */
export function needsChain({ guards, interceptors, pipes, parameters }: Enhancers): boolean {
  return guards.length + interceptors.length + pipes.length + Object.keys(parameters).length > 0;
}

/** Those that Nest itself must have made an instance of. */
export function enhancerClasses(enhancers: Enhancers): EnhancerClass[] {
  const { guards, interceptors, pipes, filters, parameters } = enhancers;
  const ofParameters = Object.values(parameters).flatMap((parameter) => parameter.pipes as Enhancer[]);
  return [...guards, ...interceptors, ...pipes, ...ofParameters, ...filters].filter(isClass);
}

function isClass(enhancer: Enhancer): enhancer is EnhancerClass {
  return typeof enhancer === 'function';
}

export type EnhancerClass = abstract new (...args: never[]) => object;

export function parametersOf(type: object, method: MethodName): ParametersMetadata {
  return (Reflect.getMetadata(ROUTE_ARGUMENTS, type, method) ?? {}) as ParametersMetadata;
}

export function classOf(prototype: object): EnhancerClass {
  return prototype.constructor as EnhancerClass;
}

function metadata(key: string, target: object): Enhancer[] {
  return (Reflect.getMetadata(key, target) ?? []) as Enhancer[];
}
