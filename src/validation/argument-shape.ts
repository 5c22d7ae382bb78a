import type { Type } from '@nestjs/common';
import type { MetadataStorage } from 'class-validator';
import type { ValidationLibrary } from './validation-library.js';

type Validated = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

/** What a property of type `bigint` takes. */
export interface BigIntProperty {
  /** Whether a list of them, too: only the compiler's `design:type` says that it is one. */
  readonly mayBeList: boolean;
  /** Whether `@Transform` makes the bigint: it gets what is no integer as it came. */
  readonly isTransformed: boolean;
}

/**
 * Where a class has properties of type `bigint`, and lists: in itself, or in the classes of its properties. By the names that
 * stand in arguments: a property's own, and that of its `@Expose`.
 */
export interface ArgumentShape {
  readonly bigints: ReadonlyMap<string, BigIntProperty>;
  /** What may be a list: that a rule allows one does not mean that it allows nothing else. */
  readonly lists: ReadonlySet<string>;
  readonly nested: ReadonlyMap<string, ArgumentShape>;
  /** What the validation knows of it, and the name of its property. */
  readonly known: ReadonlyMap<string, string>;
  /** Whether with the option `whitelist` nothing else reaches the handler. */
  readonly isClosed: boolean;
}

interface GrowingShape extends ArgumentShape {
  readonly bigints: Map<string, BigIntProperty>;
  readonly lists: Set<string>;
  readonly nested: Map<string, ArgumentShape>;
}

/** Shapes of one class and of those that it leads to, which may lead back to it. */
export class ArgumentShapes {
  readonly #shapes = new Map<Type, ArgumentShape>();

  constructor(private readonly library: ValidationLibrary) {}

  /** Whether a shape that was asked for has a bigint anywhere. */
  get haveBigInts(): boolean {
    return [...this.#shapes.values()].some(({ bigints }) => bigints.size > 0);
  }

  /** Whether one has a list anywhere. */
  get haveLists(): boolean {
    return [...this.#shapes.values()].some(({ lists }) => lists.size > 0);
  }

  /**
   * Read from `@Type(() => BigInt)`, `@IsArray()`, rules for `each`, and from the compiler's `design:type` of each decorated
   * property.
   */
  of(type: Type): ArgumentShape {
    return this.#shapes.get(type) ?? this.#read(type);
  }

  /** Kept before its properties are read: they may lead back to it. */
  #read(type: Type): ArgumentShape {
    const isClosed = this.library.transforms?.hasTransform(type) !== true;
    const known = new Map(
      this.#validated(type).flatMap((property) => this.#namesOf(type, property).map((name) => [name, property])),
    );
    const shape: GrowingShape = { bigints: new Map(), lists: new Set(), nested: new Map(), known, isClosed };
    this.#shapes.set(type, shape);
    for (const property of this.#propertiesOf(type)) this.#add(shape, type, property);
    return shape;
  }

  #add(shape: GrowingShape, type: Type, property: string): void {
    const declared = this.#typeOf(type, property);
    const isList = this.#isList(type, property);
    for (const name of this.#namesOf(type, property)) {
      if (isList) shape.lists.add(name);
      if (declared === BigInt) shape.bigints.set(name, this.#bigIntProperty(type, property));
      else if (isUserClass(declared)) shape.nested.set(name, this.of(declared));
    }
  }

  #propertiesOf(type: Type): ReadonlySet<string> {
    return new Set([...this.#validated(type), ...(this.library.transforms?.propertiesOf(type) ?? [])]);
  }

  #namesOf(type: Type, property: string): string[] {
    const exposed = this.library.transforms?.exposedName(type, property);
    return exposed === undefined ? [property] : [property, exposed];
  }

  #typeOf(type: Type, property: string): unknown {
    const named: unknown = this.library.transforms?.typeOf(type, property);
    return named ?? designType(type, property);
  }

  #bigIntProperty(type: Type, property: string): BigIntProperty {
    const isTransformed = this.library.transforms?.isTransformed(type, property) ?? false;
    return { mayBeList: designType(type, property) !== BigInt, isTransformed };
  }

  #isList(type: Type, property: string): boolean {
    const { IS_ARRAY } = this.library.validator;
    const isOfList = ({ propertyName, name, each }: Validated) =>
      propertyName === property && (name === IS_ARRAY || each);
    return designType(type, property) === Array || this.#metadata(type).some(isOfList);
  }

  #validated(type: Type): string[] {
    return [...new Set(this.#metadata(type).map((each) => each.propertyName))];
  }

  #metadata(type: Type): Validated[] {
    return this.library.validator.getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  }
}

function designType(type: Type, property: string): unknown {
  return Reflect.getMetadata('design:type', type.prototype as object, property);
}

const NO_USER_CLASSES: readonly unknown[] = [Object, Array, String, Number, Boolean, Date, Map, Set, Promise];

function isUserClass(type: unknown): type is Type {
  return typeof type === 'function' && !NO_USER_CLASSES.includes(type);
}
