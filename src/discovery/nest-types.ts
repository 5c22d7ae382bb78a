import type { ModulesContainer } from '@nestjs/core';

/** A module as Nest's container holds it. The type itself is not exported, so it is taken from where it shows. */
export type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;

/** What Nest knows of one provider, controller or enhancer. */
export type ProviderWrapper = NestModule['providers'] extends Map<unknown, infer W> ? W : never;
