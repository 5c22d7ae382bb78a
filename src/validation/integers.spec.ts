import 'reflect-metadata';
import { Expose, Transform, Type as TypeOf } from 'class-transformer';
import { Allow, IsDefined, IsEmail, IsInt, IsString } from 'class-validator';
import { problems, validate } from '../../test/support/validate-arguments.js';
import { ArgumentsValidator } from './arguments-validator.js';

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

  it('are named with every other bad field', async () => {
    class OrderDto {
      @IsDefined() id!: bigint;
      @IsEmail() email!: string;
      @IsInt() count!: number;
    }
    const json = '{"id":"x","email":"ada","count":9007199254740993,"more":1}';
    const found = await problems(OrderDto, json, { whitelist: true, forbidNonWhitelisted: true });
    expect(found.map((each) => each.split(' ')[0])).toEqual(['args.id', 'args.count', 'args.more', 'args.email']);
  });

  it('are refused as numbers that have lost digits already, when they are enqueued', async () => {
    const lost = 2 ** 53 + 2;
    const args = { balance: lost, transfers: [{ amount: 1n }, { amount: lost }], ids: [lost], other: lost };
    const json = `{"balance":${lost},"transfers":[{"amount":1},{"amount":${lost}}],"ids":[${lost}],"other":${lost}}`;
    const found = await problems(AccountDto, json, {}, args);
    expect(found.map((each) => each.split(' is too large')[0])).toEqual([
      'args.balance',
      'args.transfers[1].amount',
      'args.ids[0]',
    ]);
    expect(await validate(AccountDto, `{"balance":${lost}}`, {}, { balance: BigInt(lost) })).toEqual({
      balance: BigInt(lost),
    });
  });

  it('count as they stand in JSON where an object makes its own', async () => {
    const given = { balance: { toJSON: () => 5 }, toJSON: () => ({ balance: 5 }) };
    expect(await validate(AccountDto, '{"balance":5}', {}, given)).toEqual({ balance: 5n });
  });

  it('reach a property under the name that @Expose gives it', async () => {
    class ExposedDto {
      @Expose({ name: 'account_id' }) @IsDefined() accountId!: bigint;
    }
    for (const whitelist of [true, false])
      for (const id of ['9007199254740993', '5'])
        expect(await validate(ExposedDto, `{"account_id":${id}}`, { whitelist })).toEqual({ accountId: BigInt(id) });
  });

  it('are not taken for stripped where a transformation may read them', async () => {
    class RawDto {
      @Transform(({ obj }) => String((obj as { raw: unknown }).raw)) @IsString() id!: string;
    }
    const json = '{"id":"","raw":9007199254740993}';
    expect(await problems(RawDto, json, { whitelist: true })).toEqual([
      expect.stringMatching(/^args\.raw is an integer that a number would round/),
    ]);
  });

  it('do not depend on a @Type that depends on the object', async () => {
    class ByKindDto {
      @Allow() kind!: string;
      @Allow()
      @TypeOf((options) => ((options!.object as { kind: string }).kind === 'a' ? AccountDto : TransferDto))
      thing!: object;
    }
    const args = (await validate(ByKindDto, '{"kind":"a","thing":{"other":1}}')) as ByKindDto;
    expect(args.thing).toBeInstanceOf(AccountDto);
  });
});
