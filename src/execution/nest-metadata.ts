/**
 * Keys under which Nest's decorators write what they say; Nest 11 and 12 export them from different places, neither of
 * them public. All uses of them are here and in `enhancers.ts`.
 */
export const GUARDS = '__guards__';
export const INTERCEPTORS = '__interceptors__';
export const PIPES = '__pipes__';
export const FILTERS = '__exceptionFilters__';
export const ROUTE_ARGUMENTS = '__routeArguments__';
export const CAUGHT_TYPES = '__filterCatchExceptions__';
export const ENTRY_PROVIDER = '__entryProvider__';

/** What a key of ROUTE_ARGUMENTS ends in, before its index, where `createParamDecorator` made it. */
export const CUSTOM_PARAMETER = '__customRouteArgs__';
/** Nest's number for a parameter that takes the body of a request: `@Body()`, and `@Payload()` of microservices. */
export const BODY = 3;

/** One parameter's decorator. */
export interface ParameterMetadata {
  readonly index: number;
  readonly data?: unknown;
  readonly pipes: readonly unknown[];
  readonly factory?: (data: unknown, context: never) => unknown;
}

export type ParametersMetadata = Readonly<Record<string, ParameterMetadata>>;
