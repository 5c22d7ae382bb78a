import type { ApplicationConfig } from '@nestjs/core';
import type { DiscoveredJob, NestModule, ProviderWrapper } from '../discovery/index.js';
import { SkippedEnhancerError } from '../errors/index.js';
import { classOf } from './enhancers.js';
import { ENTRY_PROVIDER } from './nest-metadata.js';

/** Whether the application has guards, interceptors or pipes of its own, so that every handler needs Nest's chain. */
export function hasAppWideChain(config: ApplicationConfig | undefined): boolean {
  if (!config) return false;
  const { length } = [
    ...config.getGlobalGuards(),
    ...config.getGlobalRequestGuards(),
    ...config.getGlobalInterceptors(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalPipes(),
    ...config.getGlobalRequestPipes(),
  ];
  return length > 0;
}

/**
 * On a handler whose tree is static Nest would run a request-scoped or transient app-wide enhancer as a bare prototype,
 * whose constructor never ran: a guard then may let everything pass.
 *
 * @throws SkippedEnhancerError naming the enhancer, unless the handler's class is marked, so that Nest binds it
 */
export function refuseScopedAppWide(
  config: ApplicationConfig | undefined,
  modules: Iterable<NestModule>,
  { place, handler }: DiscoveredJob,
): void {
  if (!config) return;
  const { className, prototype, isController } = handler.provided;
  const isMarked = Reflect.hasMetadata(ENTRY_PROVIDER, classOf(prototype)) && !isController;
  for (const wrapper of scopedAppWide(config, modules)) {
    if (isMarked && !wrapper.isTransient) continue;
    const mark = `@SetMetadata('${ENTRY_PROVIDER}', true) class ${className}`;
    const orMark = wrapper.isTransient ? '' : `, or mark the class: ${mark}, which then is made anew for each job`;
    const remedy = `Give ${nameOf(wrapper)} the default scope${orMark}`;
    throw new SkippedEnhancerError(
      place,
      `the app-wide ${nameOf(wrapper)}`,
      `it is ${wrapper.isTransient ? 'transient' : 'request-scoped'}, and Nest has no instance of it for this handler. ${remedy}.`,
    );
  }
}

function scopedAppWide(config: ApplicationConfig, modules: Iterable<NestModule>): ProviderWrapper[] {
  const registered = [
    ...config.getGlobalRequestGuards(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalRequestPipes(),
    ...config.getGlobalRequestFilters(),
  ] as ProviderWrapper[];
  // Nest 11 takes an enhancer of default scope with a request-scoped dependency for a static one.
  const providers = [...modules].flatMap((module) => [...module.providers.values()] as ProviderWrapper[]);
  return [...registered, ...providers.filter((each) => each.subtype && !each.isDependencyTreeStatic())];
}

function nameOf(wrapper: ProviderWrapper): string {
  return (wrapper.metatype as { name?: string } | null)?.name || String(wrapper.name);
}
