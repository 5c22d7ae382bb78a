import 'reflect-metadata';
import { Expose, Type as TypeOf } from 'class-transformer';
import { Allow, IsArray, IsDefined, IsObject, IsOptional, ValidateNested } from 'class-validator';
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
