import { declarationsOf, decoratorLabel, type Declaration, type MethodName } from '../decorators/declaration.js';
import { InvalidJobDeclarationError } from '../errors/index.js';

/** A method with declarations, as an instance of some class has it. */
export interface DeclaredMethod {
  readonly method: MethodName;
  /** The prototype that declares it: the class's own, or one that it extends. */
  readonly declaredOn: object;
  /** At least one, in the order in which the decorators stand in the source, the uppermost first. */
  readonly declarations: readonly Declaration[];
}

/**
 * The handlers that an instance with this prototype has, inherited ones included.
 *
 * @throws InvalidJobDeclarationError where a method overrides a handler and is none itself: it is not clear whether it
 * should run, and Nest's own lookups would give different answers.
 */
export function declaredMethods(prototype: object): DeclaredMethod[] {
  const found: DeclaredMethod[] = [];
  const nearer: object[] = [];
  for (
    let at: object | null = prototype;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const each of methodsOn(at)) if (!isOverridden(each, nearer)) found.push(each);
    nearer.push(at);
  }
  return found;
}

function methodsOn(declaredOn: object): DeclaredMethod[] {
  const byMethod = new Map<MethodName, Declaration[]>();
  for (const each of declarationsOf(declaredOn))
    byMethod.set(each.method, [each, ...(byMethod.get(each.method) ?? [])]);
  return [...byMethod].map(([method, declarations]) => ({ method, declaredOn, declarations }));
}

function isOverridden({ method, declaredOn, declarations }: DeclaredMethod, nearer: readonly object[]): boolean {
  const override = nearer.find((each) => Object.hasOwn(each, method));
  if (!override) return false;
  if (declarationsOf(override).some((each) => each.method === method)) return true;
  const [declaration] = declarations as [Declaration];
  const inherited = `${nameOf(declaredOn)}.${String(method)}`;
  const overriding = `${nameOf(override)}.${String(method)}`;
  throw new InvalidJobDeclarationError(
    `${decoratorLabel(declaration)} on ${inherited}`,
    `${overriding} overrides it without a decorator of its own. Put one on ${overriding}, or give that method another name.`,
  );
}

function nameOf(prototype: object): string {
  return prototype.constructor?.name || '(anonymous class)';
}
