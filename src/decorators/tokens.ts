import { Inject, type InjectionToken } from '@nestjs/common';
import { Client, Enqueuer, WorkerPool } from '#engine';
import { WorkEvents } from '../lifecycle/work-events.js';

/**
 * What the Enqueuer of an instance is injected by: its class, or a token of its own where the instance has a name.
 *
 * @param name as given to `WorkModule.forRoot`
 */
export function getEnqueuerToken(name?: string): InjectionToken<Enqueuer> {
  return name === undefined ? Enqueuer : `WorkEnqueuer:${name}`;
}

/** What the WorkClient of an instance is injected by; see `getEnqueuerToken`. */
export function getWorkClientToken(name?: string): InjectionToken<Client> {
  return name === undefined ? Client : `WorkClient:${name}`;
}

/** What the WorkerPool of an instance is injected by; see `getEnqueuerToken`. */
export function getWorkerPoolToken(name?: string): InjectionToken<WorkerPool> {
  return name === undefined ? WorkerPool : `WorkerPool:${name}`;
}

/** What the WorkEvents of an instance are injected by; see `getEnqueuerToken`. */
export function getWorkEventsToken(name?: string): InjectionToken<WorkEvents> {
  return name === undefined ? WorkEvents : `WorkEvents:${name}`;
}

/** Injects the Enqueuer of a named instance. That of the unnamed one is injected by its class alone. */
export const InjectEnqueuer = (name?: string): ParameterDecorator & PropertyDecorator => Inject(getEnqueuerToken(name));

/** Injects the WorkClient of a named instance. That of the unnamed one is injected by its class alone. */
export const InjectWorkClient = (name?: string): ParameterDecorator & PropertyDecorator =>
  Inject(getWorkClientToken(name));

/** Injects the WorkerPool of a named instance. That of the unnamed one is injected by its class alone. */
export const InjectWorkerPool = (name?: string): ParameterDecorator & PropertyDecorator =>
  Inject(getWorkerPoolToken(name));

/** Injects the WorkEvents of a named instance. Those of the unnamed one are injected by their class alone. */
export const InjectWorkEvents = (name?: string): ParameterDecorator & PropertyDecorator =>
  Inject(getWorkEventsToken(name));
