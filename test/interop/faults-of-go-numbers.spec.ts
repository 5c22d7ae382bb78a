import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { IsArray, IsDefined } from 'class-validator';
import type { JobRun } from '#engine';
import { InvalidArgumentsError } from '#protocol';
import { ArgumentsValidator } from '../../src/validation/arguments-validator.js';
import { loadValidationLibrary } from '../../src/validation/validation-library.js';
import { waitFor } from '../support/index.js';
import { describeEachGo } from './support/index.js';

class OrderDto {
  @IsDefined()
  id!: bigint;
}

class LinesDto {
  @IsArray()
  lines!: string[];
}

describeEachGo('A number in a job that Go moves at its time', ({ shared }) => {
  /** The run in ours of a job that Go has moved before. */
  async function movedByGo(args: object): Promise<JobRun> {
    const { client, enqueuer, redis, keyspace } = shared();
    const { id } = await enqueuer.enqueueIn('mail', 0, args);
    await client.pause('mail');
    const go = await shared().goPool({ jobs: [{ name: 'mail' }] });
    await waitFor('it to be moved', async () => (await redis.llen(keyspace.queue('mail'))) === 1);
    await go.stop();
    await client.resume('mail');
    const pool = await shared().startOurs({ jobs: [{ name: 'mail' }] });
    const run = await shared().run(id);
    await pool.stop();
    return run;
  }

  it('keeps 14 digits, as an integer too', async () => {
    const run = await movedByGo({ fourteen: 12345678901234, third: 1 / 3, id: 9223372036854775807n });
    expect(run.args).toEqual({ fourteen: 12345678901234, third: 0.33333333333333, id: 9.2233720368548e18 });
  });

  it('is refused by a bigint property where it was too large for a number; as text it is not changed', async () => {
    await expect(given(OrderDto, await movedByGo({ id: 9223372036854775807n }))).rejects.toThrow(InvalidArgumentsError);
    expect(await given(OrderDto, await movedByGo({ id: '9223372036854775807' }))).toEqual({ id: 9223372036854775807n });
  });

  it('is another, and nobody can tell, where it had 15 or 16 digits and a number could hold it', async () => {
    expect(await given(OrderDto, await movedByGo({ id: 1234567890123456 }))).toEqual({ id: 1234567890123500n });
  });

  it('leaves {} of an empty list, which is one again where the class declares a list', async () => {
    const run = await movedByGo({ lines: [] });
    expect(run.args).toEqual({ lines: {} });
    expect(await given(LinesDto, run)).toEqual({ lines: [] });
  });
});

describeEachGo('An integer beyond 2⁵³', ({ shared }) => {
  it('is another in a Go handler, which gets every number as a float64', async () => {
    const { enqueuer } = shared();
    const go = await shared().goPool({ jobs: [{ name: 'mail' }] });
    const { id } = await enqueuer.enqueue('mail', { id: 9007199254740993n });
    expect((await go.started(id)).args).toEqual({ id: 9007199254740992 });
  });
});

/** What a handler gets whose parameter is of this class. */
async function given(type: Type<object>, { args, argsBytes }: JobRun): Promise<unknown> {
  const validator = new ArgumentsValidator('mail', type, await loadValidationLibrary(), {});
  return validator.validate({ args, argsBytes });
}
