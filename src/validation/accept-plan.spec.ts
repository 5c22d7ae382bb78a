import 'reflect-metadata';
import { Exclude, Expose, Transform, Type as TypeOf } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayUnique,
  Contains,
  Equals,
  IsArray,
  IsBoolean,
  IsDefined,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import * as fc from 'fast-check';
import type { Type } from '@nestjs/common';
import { InvalidArgumentsError } from '#protocol';
import type { ValidationOptions } from '../options/validation-options.js';
import { acceptPlan } from './accept-plan.js';
import { fullValidation } from './full-validation.js';
import { loadValidationLibrary, type ValidationLibrary } from './validation-library.js';

enum Level {
  Low = 'low',
  High = 'high',
}

class FlatDto {
  @IsString()
  @Length(1, 5)
  a!: string;

  @IsInt()
  @Min(0)
  @Max(9)
  b!: number;

  @IsOptional()
  @IsBoolean()
  c?: boolean;

  @IsIn(['x', 'y', 1])
  d!: unknown;
}

class ListDto {
  @IsArray()
  @IsString({ each: true })
  @MaxLength(3, { each: true })
  @ArrayMaxSize(3)
  a!: string[];

  @IsOptional()
  @IsInt({ each: true })
  @ArrayUnique()
  b: unknown = [1];

  @IsEnum(Level)
  c = Level.Low;

  @Allow()
  d: unknown;
}

class BaseDto {
  @IsDefined()
  a: unknown;

  @IsNotEmpty()
  b = 'initial';
}

class WideDto extends BaseDto {
  @IsString()
  override b = 'sub';

  @IsOptional()
  @IsObject()
  c?: object;

  @IsOptional()
  @IsEmail()
  d?: string;

  @IsOptional()
  @IsUUID()
  e?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  f?: string;

  @IsOptional()
  @Matches(/^x/)
  @Contains('y')
  g?: string;

  @IsOptional()
  @Equals(null)
  h?: null;

  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  i?: number;

  describe() {
    return this.b;
  }
}

class FunctionDto {
  @IsOptional()
  a: unknown = () => 1;

  @IsOptional()
  b: unknown = 'initial';
}

class BareDto {
  a = 1;
}

const strings = fc.constantFrom(
  '',
  'x',
  'y',
  'xy',
  'low',
  'high',
  'abc',
  'abcd',
  'toolong',
  'ada@example.org',
  '2024-02-29',
);
const numbers = fc.constantFrom(0, 1, -1, 5, 9, 10, 1.5, 1.25, 1.125, 1e21);
const scalars = fc.oneof(strings, numbers, fc.boolean(), fc.constant(null), fc.uuid());
const lists = fc.array(fc.oneof(strings, numbers, scalars), { maxLength: 4 });
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'toString'), fc.oneof(scalars, lists), { maxKeys: 2 });
const values = fc.oneof(
  { weight: 6, arbitrary: scalars },
  { weight: 3, arbitrary: lists },
  { weight: 1, arbitrary: objects },
);
const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'z', 'describe', 'toString', 'valueOf');
const documents = fc.dictionary(names, values, { maxKeys: 8 });
const likely = fc.record(
  {
    a: fc.oneof(strings, fc.array(strings, { maxLength: 3 })),
    b: fc.oneof(numbers, strings),
    c: fc.oneof(fc.boolean(), strings, objects),
    d: fc.constantFrom('x', 'y', 1, 'ada@example.org'),
  },
  { requiredKeys: [] },
);

const likelyList = fc.record(
  {
    a: fc.array(fc.constantFrom('', 'x', 'abc'), { maxLength: 3 }),
    b: fc.uniqueArray(fc.constantFrom(1, 2, 3)),
    c: fc.constantFrom('low', 'high'),
    d: values,
    z: scalars,
  },
  { requiredKeys: ['a'] },
);
/** Mostly right for FlatDto, of which the others are too rarely. */
const likelyFlat = fc.record(
  {
    a: fc.constantFrom('x', 'abc', ''),
    b: fc.constantFrom(0, 5, 9, 10),
    c: fc.boolean(),
    d: fc.constantFrom('x', 'y', 1),
    z: scalars,
  },
  { requiredKeys: ['a', 'b', 'd'] },
);
const anyDocument = fc.oneof(documents, likely, likelyList, likelyFlat);

const optionSets: ValidationOptions[] = [
  {},
  { whitelist: true },
  { whitelist: true, forbidNonWhitelisted: true },
  { forbidUnknownValues: true },
  { stopAtFirstError: true, validationError: { target: false } },
];

/** Each instance has its own functions. */
function comparable(instance: object | undefined): object {
  const entries = Object.entries(instance ?? {}).map(([key, value]) => [
    key,
    typeof value === 'function' ? 'function' : value,
  ]);
  return { isAccepted: instance !== undefined, type: instance?.constructor, ...Object.fromEntries(entries) };
}

describe('The plan that accepts fast', () => {
  let library: ValidationLibrary;
  beforeAll(async () => {
    library = (await loadValidationLibrary())!;
  });

  const planOf = (type: Type<object>, options: ValidationOptions = {}, known = library) =>
    acceptPlan(type, known, { transform: true, ...options });

  async function fullResult(type: Type<object>, plain: Record<string, unknown>, options: ValidationOptions) {
    try {
      return await fullValidation('job', type, library, { transform: true, ...options })(plain);
    } catch (error) {
      if (!(error instanceof InvalidArgumentsError)) throw error;
      return undefined;
    }
  }

  const planned = [FlatDto, ListDto, WideDto, FunctionDto, BareDto].flatMap((type) =>
    optionSets.map((options) => ({ type, options })),
  );

  it.each(planned)(
    'accepts what class-validator accepts, with the same result: $type.name with $options',
    async ({ type, options }) => {
      const plan = planOf(type, options);
      if (!plan) return expect([type, options]).toEqual([BareDto, expect.anything()]);
      let accepted = 0;
      const property = fc.asyncProperty(anyDocument, async (document) => {
        const json = JSON.stringify(document);
        const byPlan = plan(JSON.parse(json) as Record<string, unknown>);
        if (!byPlan) return;
        accepted += 1;
        const byLibrary = await fullResult(type, JSON.parse(json) as Record<string, unknown>, options);
        expect(comparable(byLibrary)).toStrictEqual(comparable(byPlan));
      });
      await fc.assert(property, { numRuns: 1_000 });
      expect(accepted).toBeGreaterThan(0);
    },
  );

  it('accepts every document that class-validator accepts, unless it has a name that objects inherit', async () => {
    const options = {};
    for (const type of [FlatDto, ListDto, WideDto]) {
      const plan = planOf(type)!;
      const property = fc.asyncProperty(anyDocument, async (document) => {
        if (/toString|valueOf|describe/.test(JSON.stringify(document))) return;
        const byLibrary = await fullResult(type, { ...document }, options);
        expect(plan({ ...document })).toEqual(byLibrary);
      });
      await fc.assert(property, { numRuns: 1_000 });
    }
  });

  it('leaves a refusal to class-validator', () => {
    const plan = planOf(FlatDto)!;
    expect(plan({ a: 'x', b: 1, d: 'x' })).toBeInstanceOf(FlatDto);
    expect(plan({ a: 'x', b: 1.5, d: 'x' })).toBeUndefined();
    expect(plan({})).toBeUndefined();
  });

  describe('is not made for a class', () => {
    class Inner {}

    @ValidatorConstraint()
    class Custom {
      validate() {
        return true;
      }
    }
    class WithNested {
      @ValidateNested()
      a!: Inner;
    }
    class WithType {
      @Allow()
      @TypeOf(() => Date)
      a!: Date;
    }
    class WithTransform {
      @Transform(() => 1)
      a!: number;
    }
    class WithExpose {
      @Expose({ name: 'b' })
      a!: number;
    }
    class WithExclude {
      @Exclude()
      a!: number;
    }
    class OfExclude extends WithExclude {}
    class WithValidateIf {
      @ValidateIf(() => false)
      @IsString()
      a!: string;
    }
    class WithOwnIf {
      @IsString({ validateIf: () => false })
      a!: string;
    }
    class WithConstraintClass {
      @Validate(Custom)
      a!: string;
    }
    class WithGroups {
      @IsString({ groups: ['a'] })
      a!: string;
    }
    class WithAlways {
      @IsString({ always: true })
      a!: string;
    }
    class WithOwnDecorator {
      a!: string;
    }
    registerDecorator({
      name: 'isMine',
      target: WithOwnDecorator,
      propertyName: 'a',
      options: {},
      validator: { validate: () => true },
    });

    it.each(
      [
        WithNested,
        WithType,
        WithTransform,
        WithExpose,
        WithExclude,
        OfExclude,
        WithValidateIf,
        WithOwnIf,
        WithConstraintClass,
        WithGroups,
        WithAlways,
        WithOwnDecorator,
      ].map((type) => [type.name, type] as const),
    )('%s', (_, type) => {
      expect(planOf(type)).toBeUndefined();
    });

    it.each<ValidationOptions>([
      { groups: ['a'] },
      { skipMissingProperties: true },
      { always: true },
      { transformOptions: { enableImplicitConversion: true } },
      { transform: false },
    ])('under options that change what is accepted: %j', (options) => {
      expect(planOf(FlatDto, options)).toBeUndefined();
    });

    it('where nobody can say what class-transformer would do', () => {
      expect(planOf(FlatDto, {}, { ...library, transforms: undefined })).toBeUndefined();
    });
  });
});
