import { Module, type DynamicModule, type FactoryProvider, type InjectionToken, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { JobContext, jobContextFacade } from '../context/index.js';
import { getEnqueuerToken, getWorkClientToken, getWorkEventsToken } from '../decorators/tokens.js';
import { WORK_OPTIONS } from '../options/options-providers.js';
import { resolveWorkOptions } from '../options/resolved-work-options.js';
import type { WorkModuleOptions } from '../options/work-module-options.js';
import { loadValidationLibrary } from '../validation/index.js';
import { ConnectionsHost } from './connections-host.js';
import { placeLastToStop } from './module-distance.js';
import { WorkApplication } from './work-application.js';
import { WorkInstance } from './work-instance.js';

/** Holds what outlives everything else: connections, Enqueuer and WorkClient. */
@Module({})
class WorkConnectionsModule {}

export function instanceToken(name: string | undefined): InjectionToken<WorkInstance> {
  return `WorkInstance:${name ?? ''}`;
}

/** @param imports what the options' own providers need */
export function connectionsModule(
  name: string | undefined,
  options: Provider[],
  imports: NonNullable<DynamicModule['imports']>,
): DynamicModule {
  const instance = instanceToken(name);
  const shared: FactoryProvider[] = [
    { provide: instance, inject: [ModulesContainer, WORK_OPTIONS], useFactory: makeInstance(name) },
    { provide: getEnqueuerToken(name), inject: [instance], useFactory: (it: WorkInstance) => it.enqueuer },
    { provide: getWorkClientToken(name), inject: [instance], useFactory: (it: WorkInstance) => it.client },
    { provide: getWorkEventsToken(name), inject: [instance], useFactory: (it: WorkInstance) => it.events },
    { provide: JobContext, useFactory: () => jobContextFacade },
  ];
  return {
    module: WorkConnectionsModule,
    imports,
    providers: [...options, ...shared, hostProvider(name)],
    exports: shared.map(({ provide }) => provide),
  };
}

function hostProvider(name: string | undefined): Provider {
  return {
    provide: `WorkConnectionsHost:${name ?? ''}`,
    inject: [instanceToken(name)],
    useFactory: (instance: WorkInstance) => new ConnectionsHost(instance),
  };
}

function makeInstance(name: string | undefined) {
  return async (modules: ModulesContainer, given: WorkModuleOptions): Promise<WorkInstance> => {
    placeLastToStop(modules, WorkConnectionsModule);
    const options = resolveWorkOptions(given);
    const library = options.validation === false ? undefined : await loadValidationLibrary();
    return new WorkInstance({ name, options, application: WorkApplication.of(modules), library });
  };
}
