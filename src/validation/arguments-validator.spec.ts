import 'reflect-metadata';
import { Type as TypeOf, Transform } from 'class-transformer';
import {
  Allow,
  IsDefined,
  IsDate,
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import type { Type } from '@nestjs/common';
import { InvalidArgumentsError } from '#protocol';
import type { ValidationOptions } from '../options/validation-options.js';
import { ArgumentsValidator } from './arguments-validator.js';
import { loadValidationLibrary } from './validation-library.js';

class AddressDto {
  @IsNotEmpty()
  city!: string;
}

class SignUpDto {
  @IsEmail()
  email!: string;

  @IsOptional()
  @IsInt()
  @Max(150)
  age?: number;
}

class OrderDto {
  @ValidateNested()
  @TypeOf(() => AddressDto)
  address!: AddressDto;

  @ValidateNested({ each: true })
  @TypeOf(() => AddressDto)
  others: AddressDto[] = [];
}

async function validate(
  type: Type<object> | undefined,
  json: string,
  options: ValidationOptions | false = {},
): Promise<unknown> {
  const validator = new ArgumentsValidator('job', type, await loadValidationLibrary(), options);
  return await validator.validate({ args: JSON.parse(json) as unknown, argsBytes: json });
}

async function problems(
  type: Type<object> | undefined,
  json: string,
  options: ValidationOptions = {},
): Promise<string[]> {
  const error: unknown = await validate(type, json, options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidArgumentsError);
  return (error as InvalidArgumentsError).problems.map(({ path, reason }) => `${path} ${reason}`);
}

describe('Arguments', () => {
  it('reach the handler as an instance of their class', async () => {
    const args = await validate(SignUpDto, '{"email":"ada@example.org","age":36,"extra":true}');
    expect(args).toBeInstanceOf(SignUpDto);
    expect(args).toEqual({ email: 'ada@example.org', age: 36, extra: true });
  });

  it('are refused with every bad field named, once each', async () => {
    expect(await problems(SignUpDto, '{"email":"ada","age":150.5}')).toEqual([
      'args.email must be an email',
      'args.age must not be greater than 150 and must be an integer number',
    ]);
  });

  it('are refused with the way to a bad field of a nested class', async () => {
    const json = '{"address":{},"others":[{"city":"Rome"},{"city":""}]}';
    expect(await problems(OrderDto, json)).toEqual([
      'args.address.city should not be empty',
      'args.others[1].city should not be empty',
    ]);
  });

  it('name at most a hundred bad fields, and count the others', async () => {
    const others = Array.from({ length: 150 }, () => ({}));
    const found = await problems(OrderDto, JSON.stringify({ address: { city: 'Rome' }, others }));
    expect(found).toHaveLength(101);
    expect(found[100]).toBe('args has 50 more bad fields');
  });

  it('pass as they came where the handler has no class, or validation is off', async () => {
    expect(await validate(undefined, '{"email":7}')).toEqual({ email: 7 });
    expect(await validate(SignUpDto, '{"email":7}', false)).toEqual({ email: 7 });
    expect(await validate(undefined, 'null')).toBeNull();
  });

  it('of null are validated as empty ones', async () => {
    class Empty {}
    expect(await validate(Empty, 'null')).toBeInstanceOf(Empty);
    expect(await problems(SignUpDto, 'null')).toEqual(['args.email must be an email']);
  });

  it('keep, lose or are refused for unknown properties, by option', async () => {
    const json = '{"email":"ada@example.org","role":"admin"}';
    expect(await validate(SignUpDto, json)).toHaveProperty('role', 'admin');
    expect(await validate(SignUpDto, json, { whitelist: true })).not.toHaveProperty('role');
    expect(await problems(SignUpDto, json, { whitelist: true, forbidNonWhitelisted: true })).toEqual([
      'args.role should not exist',
    ]);
  });

  it('stay plain with transform: false, and lose what the whitelist strips', async () => {
    const json = '{"email":"ada@example.org","role":"admin"}';
    const plain = await validate(SignUpDto, json, { transform: false });
    expect(plain).toEqual(JSON.parse(json));
    expect(plain).not.toBeInstanceOf(SignUpDto);
    expect(await validate(SignUpDto, json, { transform: false, whitelist: true })).toEqual({
      email: 'ada@example.org',
    });
  });

  it('are transformed by their decorators', async () => {
    class ReportDto {
      @IsDate()
      @TypeOf(() => Date)
      from!: Date;

      @IsString()
      @Transform(({ value }) => String(value).trim())
      title!: string;
    }
    const args = (await validate(ReportDto, '{"from":"2024-02-29T00:00:00Z","title":" a "}')) as ReportDto;
    expect(args.from).toEqual(new Date('2024-02-29T00:00:00Z'));
    expect(args.title).toBe('a');
  });

  it('wait for asynchronous constraints, and are refused by them', async () => {
    const IsKnown = () => (target: object, propertyName: string) =>
      registerDecorator({
        name: 'isKnown',
        async: true,
        target: target.constructor,
        propertyName,
        options: { message: 'nobody has this name' },
        validator: { validate: (value: unknown) => Promise.resolve(value === 'ada') },
      });
    class UserDto {
      @IsKnown()
      name!: string;
    }
    expect(await validate(UserDto, '{"name":"ada"}')).toBeInstanceOf(UserDto);
    expect(await problems(UserDto, '{"name":"bob"}')).toEqual(['args.name is refused: nobody has this name']);
  });

  it.each([
    ['{"__proto__":{"admin":true}}', 'args.__proto__'],
    ['{"user":{"tags":[{"__proto__":{"admin":true}}]}}', 'args.user.tags[0].__proto__'],
    ['{"email":"a@example.org","constructor":{"prototype":{"admin":true}}}', 'args.constructor'],
    ['{"email":"a@example.org","nested":{"prototype":1}}', 'args.nested.prototype'],
  ])('are refused for a key that reaches prototypes: %s', async (json, path) => {
    for (const type of [SignUpDto, undefined]) expect((await problems(type, json))[0]).toContain(path);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('Integers beyond what a number can hold', () => {
  class AccountDto {
    @Allow()
    balance!: bigint;

    @Allow()
    other!: number;

    @Allow()
    @TypeOf(() => TransferDto)
    transfers?: TransferDto[];

    @Allow()
    @TypeOf(() => BigInt)
    ids?: unknown[];

    @TypeOf(() => BigInt)
    unruled?: bigint[];

    @Allow()
    plain?: object;

    @Allow()
    list?: number[];
  }
  class TransferDto {
    @Allow()
    amount!: bigint;
  }

  it('reach a property of type bigint as they are, in nested classes and lists too', async () => {
    const json = '{"balance":9007199254740993,"other":1,"transfers":[{"amount":12345678901234567890}]}';
    const args = (await validate(AccountDto, json)) as AccountDto;
    expect(args.balance).toBe(9007199254740993n);
    expect(args.transfers?.[0]).toEqual(Object.assign(new TransferDto(), { amount: 12345678901234567890n }));
  });

  it('are bigint also where the integer is small, so that the property is what its type says', async () => {
    expect(await validate(AccountDto, '{"balance":5}')).toEqual({ balance: 5n });
    expect(await validate(AccountDto, '{"balance":null}')).toEqual({ balance: null });
  });

  it('reach a list that @Type declares as one of bigint', async () => {
    const args = (await validate(
      AccountDto,
      '{"balance":1,"ids":[1,9007199254740993,[12345678901234567890]]}',
    )) as AccountDto;
    expect(args.ids).toEqual([1n, 9007199254740993n, [12345678901234567890n]]);
    expect(await validate(AccountDto, '{"unruled":[5]}')).toEqual({ unruled: [5n] });
  });

  it('may come as decimal text, as producers without 64-bit integers write them', async () => {
    const json = '{"balance":"-9007199254740993","ids":["5",6],"unruled":["12345678901234567890"]}';
    const expected = { balance: -9007199254740993n, ids: [5n, 6n], unruled: [12345678901234567890n] };
    expect(await validate(AccountDto, json)).toEqual(expected);
  });

  it.each([
    ['{"balance":"x"}', 'args.balance must be an integer'],
    ['{"balance":""}', 'args.balance must be an integer'],
    ['{"balance":1.5}', 'args.balance must be an integer'],
    ['{"balance":true}', 'args.balance must be an integer'],
    ['{"balance":[1]}', 'args.balance must be an integer'],
    ['{"balance":{"n":1}}', 'args.balance must be an integer'],
    ['{"balance":1e20}', 'args.balance is too large for a number'],
    ['{"balance":1,"ids":[1,"0x10"]}', 'args.ids[1] must be an integer'],
    ['{"balance":1,"transfers":[{"amount":2},{"amount":"2n"}]}', 'args.transfers[1].amount must be an integer'],
  ])('are all that a property of type bigint takes: %s', async (json, problem) => {
    const found = await problems(AccountDto, json);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(problem)).toBe(true);
  });

  it('are told apart from a missing one by the rules of the property', async () => {
    class RequiredDto {
      @IsDefined() id!: bigint;
    }
    expect(await problems(RequiredDto, '{"id":null}')).toEqual(['args.id should not be null or undefined']);
    expect(await problems(RequiredDto, '{}')).toEqual(['args.id should not be null or undefined']);
  });

  it('are made by a @Transform of what comes in another form', async () => {
    class HexDto {
      @IsDefined()
      @Transform(({ value }) => BigInt(value as string))
      id!: bigint;
    }
    expect(await validate(HexDto, '{"id":"0x10"}')).toEqual({ id: 16n });
    expect(await validate(HexDto, '{"id":9007199254740993}')).toEqual({ id: 9007199254740993n });
    expect(await problems(HexDto, '{"id":"x"}')).toEqual([
      'args cannot be made into HexDto: Cannot convert x to a BigInt',
    ]);
  });

  it('reach a class that leads back to itself', async () => {
    class NodeDto {
      @Allow() id!: bigint;
      @Allow() @TypeOf(() => NodeDto) next?: NodeDto;
    }
    const args = (await validate(NodeDto, '{"id":1,"next":{"id":9007199254740993,"next":{"id":2}}}')) as NodeDto;
    expect([args.next?.id, args.next?.next?.id]).toEqual([9007199254740993n, 2n]);
  });

  it.each([
    ['{"other":9007199254740993}', 'args.other'],
    ['{"plain":{"id":9007199254740993}}', 'args.plain.id'],
    ['{"list":[1,-9007199254740993]}', 'args.list[1]'],
    ['{"unknown":[{"id":12345678901234567890}]}', 'args.unknown[0].id'],
  ])('are refused where a number would round them: %s', async (json, path) => {
    const [problem, ...more] = await problems(AccountDto, json);
    expect(problem).toMatch(
      / is an integer that a number would round\. Give its property the type bigint and a decorator/,
    );
    expect(problem?.startsWith(`${path} `)).toBe(true);
    expect(more).toEqual([]);
  });

  it('are left alone where a number is the same, or where the property is stripped', async () => {
    const args = await validate(AccountDto, '{"balance":1,"other":1700000000000000000}');
    expect(args).toEqual({ balance: 1n, other: 1.7e18 });
    expect(await validate(AccountDto, '{"balance":1,"unknown":9007199254740993}', { whitelist: true })).toEqual({
      balance: 1n,
    });
  });

  it('are told once, by their place, where arguments have no class', async () => {
    const told: string[] = [];
    const validator = new ArgumentsValidator('job', undefined, undefined, {}, (path) => told.push(path));
    for (const argsBytes of [
      '{"n":1}',
      '{"t":1700000000000000000}',
      '{"a":{"id":9007199254740993}}',
      '{"b":9007199254740993}',
    ])
      validator.validate({ args: JSON.parse(argsBytes) as unknown, argsBytes });
    expect(told).toEqual(['args.a.id']);
  });
});

describe('A date', () => {
  class RemindDto {
    @IsDate() at!: Date;
  }

  it('that JSON has made text is refused with what to write', async () => {
    expect(await problems(RemindDto, '{"at":"2030-01-01T08:00:00.000Z"}')).toEqual([
      'args.at must be a Date instance (JSON made it text: put @Type(() => Date) on the property as well)',
    ]);
    expect(await problems(RemindDto, '{"at":5}')).toEqual(['args.at must be a Date instance']);
  });
});
