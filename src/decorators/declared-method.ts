import { InvalidJobDeclarationError } from '../errors/index.js';
import type { Method, MethodName } from './declaration.js';

/** The method that a decorator stands on. */
export function declaredMethod(
  label: string,
  target: object,
  method: MethodName,
  descriptor: PropertyDescriptor | undefined,
): { method: MethodName; decorated: Method } {
  const place = `${label} on ${className(target)}.${String(method)}`;
  if (typeof target === 'function') {
    throw new InvalidJobDeclarationError(
      place,
      'a static method has no instance to run on. Make it an instance method.',
    );
  }
  if (typeof descriptor?.value !== 'function') {
    throw new InvalidJobDeclarationError(
      place,
      'only a method can handle jobs. Write it as a method, not as a property.',
    );
  }
  return { method, decorated: descriptor.value as Method };
}

function className(target: object): string {
  return (typeof target === 'function' ? target.name : target.constructor?.name) || '(anonymous class)';
}
