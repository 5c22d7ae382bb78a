import 'reflect-metadata';
import { Expose, Type as TypeOf } from 'class-transformer';
import {
  Allow,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { problems, validate } from '../../test/support/validate-arguments.js';

class LineDto {
  @IsArray()
  marks!: string[];
}

class OrderDto {
  @IsOptional()
  @ValidateNested()
  @TypeOf(() => LineDto)
  lines?: LineDto[];

  @IsOptional()
  @IsArray()
  notes?: string[] | null;

  @IsOptional()
  @IsArray()
  @TypeOf(() => BigInt)
  ids?: bigint[];

  @IsOptional()
  @IsArray()
  @Expose({ name: 'old_names' })
  oldNames?: string[];

  @IsOptional()
  @IsObject()
  options?: object;
}

describe('An empty list that gocraft/work has made {} of', () => {
  it('is an empty list again for a property that is declared as one, or validated by @IsArray()', async () => {
    const json = '{"lines":{},"notes":{},"ids":{},"old_names":{}}';
    expect(await validate(OrderDto, json)).toEqual({ lines: [], notes: [], ids: [], oldNames: [] });
  });

  it('is one in nested classes too', async () => {
    const args = (await validate(OrderDto, '{"lines":[{"marks":{}},{"marks":["a"]}]}')) as OrderDto;
    expect(args.lines?.map(({ marks }) => marks)).toEqual([[], ['a']]);
  });

  it('stays an object where none is declared', async () => {
    expect(await validate(OrderDto, '{"options":{}}')).toEqual({ options: {} });
  });

  it('is not what an object with content is', async () => {
    expect(await problems(OrderDto, '{"notes":{"0":"a"}}')).toEqual(['args.notes must be an array']);
  });

  it('is refused where it is enqueued: whoever enqueues can say what it is', async () => {
    expect(await problems(OrderDto, '{"notes":{}}', {}, { notes: {} })).toEqual(['args.notes must be an array']);
  });

  it('leaves as it is what handlers without a class get', async () => {
    expect(await validate(undefined, '{"notes":{}}')).toEqual({ notes: {} });
  });

  it('is one where only its items have a rule', async () => {
    class NamesDto {
      @IsString({ each: true })
      names!: string[] | null;
    }
    expect(await validate(NamesDto, '{"names":{}}')).toEqual({ names: [] });
  });

  it('stays an object where that is right as well: by a condition, a group, or a class that makes one of it', async () => {
    class UnionDto {
      @IsIn(['list', 'map'])
      kind!: string;

      @ValidateIf(({ kind }: UnionDto) => kind === 'list')
      @IsArray()
      value!: string[] | object;

      @IsOptional()
      @IsArray({ groups: ['lists'] })
      @IsObject({ groups: ['maps'] })
      grouped?: object;

      @IsOptional()
      @ValidateNested()
      @TypeOf(() => LineDto)
      byName?: Map<string, LineDto>;
    }
    expect(await validate(UnionDto, '{"kind":"map","value":{}}')).toEqual({ kind: 'map', value: {} });
    expect(await validate(UnionDto, '{"kind":"list","value":{}}')).toEqual({ kind: 'list', value: [] });
    const maps = { groups: ['maps'], always: true };
    expect(await validate(UnionDto, '{"kind":"map","value":{},"grouped":{}}', maps)).toMatchObject({ grouped: {} });
    const { byName } = (await validate(
      UnionDto,
      '{"kind":"map","value":{},"byName":{"marks":{"marks":["a"]}}}',
    )) as UnionDto;
    expect(byName?.get('marks')).toEqual({ marks: ['a'] });
  });

  it('stays an object where it is not what is refused', async () => {
    class ItemsDto {
      @IsArray()
      tags!: string[];

      @ValidateNested({ each: true })
      @TypeOf(() => LineDto)
      items!: LineDto | LineDto[];

      @IsObject({ each: true })
      tag!: object;
    }
    const args = (await validate(ItemsDto, '{"tags":{},"items":{"marks":["a"]},"tag":{}}')) as ItemsDto;
    expect(args).toEqual({ tags: [], items: { marks: ['a'] }, tag: {} });
  });

  it('leaves an error that a rule throws, in either try, to who retries', async () => {
    const errors: (Error | undefined)[] = [];
    class LookedUpDto {
      @IsArray()
      tags!: string[];

      @ValidateBy({ name: 'isKnown', validator: { validate: () => Promise.resolve(throwNext(errors)) } })
      user!: string;
    }
    const json = '{"tags":{},"user":"ada"}';
    errors.push(new Error('database away'));
    await expect(validate(LookedUpDto, json)).rejects.toThrow(/^database away$/);
    errors.push(undefined, new Error('database away'));
    await expect(validate(LookedUpDto, json)).rejects.toThrow(/^database away$/);
    expect(await validate(LookedUpDto, json)).toEqual({ tags: [], user: 'ada' });
  });

  it('is one below a property that has another name in the arguments', async () => {
    class RenamedDto {
      @ValidateNested()
      @TypeOf(() => LineDto)
      @Expose({ name: 'old_line' })
      line!: LineDto;
    }
    expect(await validate(RenamedDto, '{"old_line":{"marks":{}}}')).toEqual({ line: { marks: [] } });
  });

  it('is one however many there are', async () => {
    const lines = Array.from({ length: 250 }, () => ({ marks: {} }));
    const args = (await validate(OrderDto, JSON.stringify({ lines }))) as OrderDto;
    expect(args.lines).toEqual(lines.map(() => ({ marks: [] })));
  });

  it('is told as it came where it is not what is wrong', async () => {
    expect(await problems(OrderDto, '{"notes":{},"options":5}')).toEqual([
      'args.notes must be an array',
      'args.options must be an object',
    ]);
  });

  it('does not hinder the check of integers beside it', async () => {
    class CountDto {
      @Allow()
      list!: string[];

      @IsDefined()
      id!: number;
    }
    expect(await problems(CountDto, '{"list":{},"id":9007199254740993}')).toEqual([
      expect.stringMatching(/^args\.id is an integer that a number would round/),
    ]);
  });
});

function throwNext(errors: (Error | undefined)[]): true {
  const error = errors.shift();
  if (error) throw error;
  return true;
}
