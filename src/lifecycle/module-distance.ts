import type { ModulesContainer } from '@nestjs/core';

/**
 * Nest runs hooks by the distance of modules from the root: init and bootstrap from the farthest to the nearest, destroy
 * and shutdown the other way. Called from a constructor, which is after Nest has measured and before it calls any hook.
 */
function setDistance(modules: ModulesContainer, type: unknown, distance: number): void {
  for (const module of modules.values()) if (module.metatype === type) module.distance = distance;
}

/** Nearer than the root: bootstrapped last of all, destroyed first of all and awaited. */
export function placeFirstToStop(modules: ModulesContainer, type: unknown): void {
  setDistance(modules, type, -1);
}

/** Farther than any other, a global module's MAX_VALUE included: initialised first of all, shut down last of all. */
export function placeLastToStop(modules: ModulesContainer, type: unknown): void {
  setDistance(modules, type, Infinity);
}
