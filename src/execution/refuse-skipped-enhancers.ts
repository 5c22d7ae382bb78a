import type { ApplicationConfig } from '@nestjs/core';
import { decoratorLabel, declarationsOf, type MethodName } from '../decorators/declaration.js';
import { SkippedEnhancerError } from '../errors/index.js';
import { type DiscoveredJob, type HandlerMethod } from '../discovery/index.js';
import { hasAppWideChain } from './app-wide-enhancers.js';
import { enhancerClasses, enhancersOf, needsChain, type EnhancerClass, type Enhancers } from './enhancers.js';
import { BODY, CUSTOM_PARAMETER, FILTERS, GUARDS, INTERCEPTORS, PIPES } from './nest-metadata.js';

/**
 * Nest skips an enhancer in silence where it made no instance of it for the handler, and a guard that is skipped lets
 * everything pass.
 *
 * @throws SkippedEnhancerError naming class, method and enhancer
 */
export function refuseSkippedEnhancers({ place, handler }: DiscoveredJob, appWide?: ApplicationConfig): void {
  const enhancers = enhancersOf(handler);
  const isChained = needsChain(enhancers) || hasAppWideChain(appWide) || enhancers.filters.length > 0;
  refuseLostMetadata(place, handler);
  if (isChained) refuseSymbol(place, handler);
  refuseRequestParameters(place, enhancers);
  for (const type of enhancerClasses(enhancers)) refuseUnbound(place, handler, type);
}

function refuseUnbound(place: string, { provided }: HandlerMethod, type: EnhancerClass): void {
  const { wrapper, className, isController } = provided;
  if (isController) {
    const reason =
      'Nest applies the enhancer classes of a controller to its routes alone. Move the handler to a provider, or give an ' +
      `instance: new ${type.name}(…).`;
    throw new SkippedEnhancerError(place, type.name, reason);
  }
  const bound = (wrapper.getEnhancersMetadata() as (typeof wrapper)[] | undefined) ?? [];
  if (bound.some((each) => each.token === type)) return;
  const by = wrapper.isNotMetatype ? ' by useFactory or useValue' : '';
  const reason =
    `Nest makes its instance only for a provider that is listed by its class, and ${className} is provided in ` +
    `${provided.whereProvided}${by}. List ${className} itself, or give an instance: new ${type.name}(…).`;
  throw new SkippedEnhancerError(place, type.name, reason);
}

/** A decorator that wraps the method hides what stands below it, unless it copies the metadata. */
function refuseLostMetadata(place: string, { provided, declaredOn, method }: HandlerMethod): void {
  const final = (provided.prototype as Record<MethodName, object>)[method]!;
  for (const declaration of declarationsOf(declaredOn).filter((each) => each.method === method)) {
    const lost = [GUARDS, INTERCEPTORS, PIPES, FILTERS].find(
      (key) => Reflect.hasMetadata(key, declaration.decorated) && !Reflect.hasMetadata(key, final),
    );
    if (!lost) continue;
    const [first] = Reflect.getMetadata(lost, declaration.decorated) as [
      { name?: string; constructor: { name: string } },
    ];
    const reason =
      'a decorator above it replaces the method and loses its metadata. Write ' +
      `${decoratorLabel(declaration)} and the enhancers above that decorator.`;
    throw new SkippedEnhancerError(place, first.name ?? first.constructor.name, reason);
  }
}

function refuseSymbol(place: string, { method }: HandlerMethod): void {
  if (typeof method !== 'symbol') return;
  throw new SkippedEnhancerError(
    place,
    'an enhancer of it, its class or the application',
    'Nest does not look for methods named by a symbol. Name it by a text.',
  );
}

function refuseRequestParameters(place: string, { parameters }: Enhancers): void {
  const wrong = Object.keys(parameters).find((key) => !key.includes(CUSTOM_PARAMETER) && !key.startsWith(`${BODY}:`));
  if (wrong === undefined) return;
  const { index } = parameters[wrong]!;
  throw new SkippedEnhancerError(
    place,
    `the decorator of parameter ${index + 1}`,
    'it takes something out of an HTTP request, and a job has none. Take it from the arguments or the JobContext.',
  );
}
