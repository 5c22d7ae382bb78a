import type { ExecutionContext } from '@nestjs/common';
import type { HandlerMethod } from '../discovery/index.js';
import { classOf, parametersOf } from './enhancers.js';
import { BODY, CUSTOM_PARAMETER, type ParameterMetadata, type ParametersMetadata } from './nest-metadata.js';

/** Ours, beside what the user's decorators wrote for requests. */
export const WORK_ARGUMENTS = '__work_args__';

/**
 * Tells Nest where each parameter comes from: without this it skips every pipe in silence. The user's own decorators win
 * at their index.
 */
export function defineArgumentMetadata({ provided, method, takesArguments }: HandlerMethod): void {
  const type = classOf(provided.prototype);
  const metadata = takesArguments ? [argumentsAt(0), jobAt(1)] : [jobAt(0)];
  const given = parametersOf(type, method);
  const taken = new Set(Object.values(given).map((parameter) => parameter.index));
  const ours = metadata.filter(([, parameter]) => !taken.has(parameter.index));
  const merged: ParametersMetadata = { ...Object.fromEntries(ours), ...given };
  Reflect.defineMetadata(WORK_ARGUMENTS, merged, type, method);
}

function argumentsAt(index: number): [string, ParameterMetadata] {
  return [`${BODY}:${index}`, { index, data: undefined, pipes: [] }];
}

/** As a custom parameter, since pipes (ValidationPipe among them) leave those alone unless told otherwise. */
function jobAt(index: number): [string, ParameterMetadata] {
  const factory = (_: unknown, context: ExecutionContext): unknown => context.getArgByIndex(1);
  return [`job${CUSTOM_PARAMETER}:${index}`, { index, data: undefined, pipes: [], factory }];
}
