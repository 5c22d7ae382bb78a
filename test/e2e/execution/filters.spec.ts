import 'reflect-metadata';
import {
  BadRequestException,
  Catch,
  Injectable,
  Scope,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { IsInt } from 'class-validator';
import { of, tap } from 'rxjs';
import { CancelError, SnoozeError, UnrecoverableError } from '#engine';
import { JobContext } from '../../../src/context/index.js';
import { Job } from '../../../src/decorators/job.decorator.js';
import { runDeclared } from '../support/run-declared.js';

const told: string[] = [];
beforeEach(() => void told.splice(0));

@Injectable()
class Words {
  readonly word = 'injected';
}

class NumberDto {
  @IsInt()
  n!: number;
}

describe('Filters of a handler', () => {
  class Failure extends Error {}
  const host: { host?: ArgumentsHost } = {};

  abstract class Telling implements ExceptionFilter {
    catch(error: Error, argumentsHost: ArgumentsHost): unknown {
      told.push(`${this.constructor.name} ${error.message}`);
      host.host = argumentsHost;
      return this.result();
    }
    result(): unknown {
      return undefined;
    }
  }

  @Catch()
  class ReturnsNothing extends Telling {}
  @Catch()
  class ReturnsTrue extends Telling {
    override result() {
      return true;
    }
  }
  @Catch()
  class ReturnsObservable extends Telling {
    override result() {
      return of(1).pipe(tap(() => void told.push('subscribed')));
    }
  }
  @Catch()
  class ReturnsPromise extends Telling {
    override result() {
      return Promise.resolve('handled');
    }
  }
  @Catch()
  class Throws extends Telling {
    override result(): unknown {
      throw new Failure('replaced');
    }
  }
  @Catch()
  class Rejects extends Telling {
    override result() {
      return Promise.reject(new Failure('rejected'));
    }
  }
  @Catch(Failure)
  class OnlyFailure extends Telling {}
  @Catch(BadRequestException)
  class OnlyBadRequest extends Telling {}

  it.each([
    [ReturnsNothing, 'boom', ['ReturnsNothing boom']],
    [ReturnsTrue, 'boom', ['ReturnsTrue boom']],
    [ReturnsObservable, 'boom', ['ReturnsObservable boom', 'subscribed']],
    [ReturnsPromise, 'boom', ['ReturnsPromise boom']],
    [Throws, 'replaced', ['Throws boom']],
    [Rejects, 'rejected', ['Rejects boom']],
    [OnlyFailure, 'boom', ['OnlyFailure boom']],
    [OnlyBadRequest, 'boom', []],
  ])('never make a failed job a done one: %p', async (filter, message, expected) => {
    class Jobs {
      @Job('fails')
      @UseFilters(filter)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    const error = (await run('fails').catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(Failure);
    expect(error.message).toBe(message);
    expect(told).toEqual(expected);
    if (message !== 'boom') expect(error.cause).toMatchObject({ message: 'boom' });
  });

  it('see arguments and job, and are chosen as Nest chooses: the method’s first, the last one written first', async () => {
    @UseFilters(ReturnsTrue)
    class Jobs {
      @Job('method')
      @UseFilters(new OnlyBadRequest(), new OnlyFailure())
      run() {
        throw new Failure('boom');
      }

      @Job('class')
      @UseFilters(OnlyBadRequest)
      other() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await expect(run('method', { n: 1 })).rejects.toThrow('boom');
    await expect(run('class')).rejects.toThrow('boom');
    expect(told).toEqual(['OnlyFailure boom', 'ReturnsTrue boom']);
    const { host: last } = host;
    expect(last?.getType()).toBe('work');
    expect(last?.switchToRpc().getContext<JobContext>().name).toBe('class');
  });

  it('see what guards, pipes and the validation throw', async () => {
    class Jobs {
      @Job('number')
      @UseFilters(ReturnsTrue)
      run(_args: NumberDto) {}
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    const error = await run('number', { n: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnrecoverableError);
    expect(told).toHaveLength(1);
  });

  it('work with what they inject, also in request scope', async () => {
    @Catch()
    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends Telling {
      constructor(
        private readonly words: Words,
        private readonly job: JobContext,
      ) {
        super();
      }
      override result() {
        return told.push(`${this.words.word} ${this.job.id}`);
      }
    }
    class Jobs {
      @Job('fails')
      @UseFilters(Scoped)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('fails', {}, 'first')).rejects.toThrow('boom');
    await expect(run('fails', {}, 'second')).rejects.toThrow('boom');
    expect(told).toEqual(['Scoped boom', 'injected first', 'Scoped boom', 'injected second']);
  });

  it('work where they are transient', async () => {
    @Catch()
    @Injectable({ scope: Scope.TRANSIENT })
    class Transient extends Telling {
      constructor(private readonly words: Words) {
        super();
      }
      override result() {
        return told.push(this.words.word);
      }
    }
    class Jobs {
      @Job('fails')
      @UseFilters(Transient)
      run() {
        throw new Failure('boom');
      }
    }
    const { run } = await runDeclared({ providers: [Words, Jobs] });
    await expect(run('fails')).rejects.toThrow('boom');
    expect(told).toEqual(['Transient boom', 'injected']);
  });

  it('do not see a job that asks for a later time or cancels itself: neither is an error', async () => {
    class Jobs {
      @Job('snoozes')
      @UseFilters(Throws)
      snooze() {
        throw new SnoozeError('5m');
      }

      @Job('cancels')
      @UseFilters(Throws)
      cancel() {
        throw new CancelError('gone');
      }
    }
    const { run } = await runDeclared({ providers: [Jobs] });
    await expect(run('snoozes')).rejects.toBeInstanceOf(SnoozeError);
    await expect(run('cancels')).rejects.toBeInstanceOf(CancelError);
    expect(told).toEqual([]);
  });
});
