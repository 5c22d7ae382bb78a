import type { Provider } from '@nestjs/common';
import { InvalidOptionError, mustBe } from '../errors/index.js';
import type { WorkModuleAsyncOptions, WorkOptionsFactory } from './work-module-options.js';

/** What the options of a module are injected by, in the module itself. */
export const WORK_OPTIONS = Symbol('nestjs-work:options');
const OPTIONS_FACTORY = Symbol('nestjs-work:options-factory');

/** @throws InvalidOptionError unless exactly one of useFactory, useClass and useExisting is given */
export function optionsProviders(given: WorkModuleAsyncOptions): Provider[] {
  const { useFactory, useClass, useExisting, inject = [] } = given;
  const ways = [useFactory, useClass, useExisting].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    const allowed = 'given, or else one of useClass and useExisting';
    throw new InvalidOptionError('useFactory', useFactory, mustBe(useFactory, allowed));
  }
  if (useFactory) return [{ provide: WORK_OPTIONS, useFactory, inject }];
  const factory: Provider = useClass
    ? { provide: OPTIONS_FACTORY, useClass }
    : { provide: OPTIONS_FACTORY, useExisting: useExisting! };
  const create = (from: WorkOptionsFactory) => from.createWorkOptions();
  return [factory, { provide: WORK_OPTIONS, useFactory: create, inject: [OPTIONS_FACTORY] }];
}
