import 'reflect-metadata';
import { Type as TypeOf, Transform } from 'class-transformer';
import {
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
import { problems, validate } from '../../test/support/validate-arguments.js';

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
