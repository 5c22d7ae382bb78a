import 'reflect-metadata';
import { IsString } from 'class-validator';
import { Enqueuer, Job, JobContext, Periodic, WorkClient, WorkerPool, WorkEvents } from 'nestjs-work';
import { describeRedis, waitFor } from '../../support/index.js';
import { appsInTest } from '../support/apps-in-test.js';

describeRedis('What an application with jobs tells', () => {
  const apps = appsInTest();
  it('begins with where the jobs are and which run here', async () => {
    class Jobs {
      @Job('mail')
      send() {}
      @Periodic('0 3 * * *', { timezone: 'Europe/Berlin', name: 'clean' })
      clean() {}
    }
    const { logs } = await apps.start([Jobs], { concurrency: 4 });
    const target = apps.redis.url.replace('redis://', '');
    expect(logs.lines.filter((line) => line.includes('[Work]')).slice(0, 3)).toEqual([
      `log [Work] Runs jobs of namespace "${apps.redis.namespace}" on Redis ${target}: 4 at once, 25 s of grace at stop.`,
      'log [Work] Job mail is handled by Jobs.send',
      'log [Work] Job clean is handled by Jobs.clean, periodic at "0 3 * * *" Europe/Berlin',
    ]);
  });

  it('names a handler whose arguments cannot be validated, and what to write', async () => {
    class Jobs {
      @Job('mail')
      send(_args: { to: string }) {}
      @Job('quiet', { args: null })
      quiet(_args: { to: string }) {}
      @Job('nothing')
      nothing(_args: null, _job: JobContext) {}
    }
    const { logs } = await apps.start([Jobs], { worker: false });
    expect(logs.matching(/not validated/)).toEqual([
      expect.stringMatching(/^warn \[Work\] @Job\("mail"\) on Jobs\.send: .*\{ args: SomeDto \}.*\{ args: null \}/),
    ]);
  });

  it('names a class of arguments that has no rules, as it names what is no class', async () => {
    class Bare {
      to!: string;
    }
    class Ruled {
      @IsString() to!: string;
    }
    class Jobs {
      @Job('bare')
      bare(_args: Bare) {}
      @Job('ruled')
      ruled(_args: Ruled) {}
    }
    const { logs } = await apps.start([Jobs], { worker: false });
    expect(logs.matching(/not validated/)).toEqual([
      expect.stringMatching(
        /^warn .*@Job\("bare"\) on Jobs\.bare: .*because Bare has no decorators of class-validator/,
      ),
    ]);
    const { logs: unasked } = await apps.start([Jobs], { worker: false, validation: false, namespace: 'other' });
    expect(unasked.matching(/not validated/)).toEqual([]);
  });

  it('asks for the class of the handlers where none was found, unless the process only enqueues', async () => {
    const { logs } = await apps.start([]);
    expect(
      logs.matching(/^warn .*No @Job or @Periodic method was found.* among the providers of a module\?/),
    ).toHaveLength(1);
    const { logs: quiet } = await apps.start([], { worker: false });
    expect(quiet.matching(/No @Job/)).toEqual([]);
  });

  it('names a class once for whose constructor Nest has nothing to inject', async () => {
    class Jobs {
      constructor(private readonly client: WorkClient) {}
      @Job('mail')
      send() {
        return this.client.queues();
      }
      @Job('pack')
      pack() {}
    }
    const { logs } = await apps.start([Jobs]);
    expect(logs.matching(/undefined/)).toEqual([
      'warn [Work] Nest passes undefined for parameter 1 of the constructor of Jobs, whose type it cannot know: the class has ' +
        'no decorator. Put @Injectable() on it.',
    ]);
    const { logs: quiet } = await apps.start([Jobs], { worker: false });
    expect(quiet.matching(/undefined/)).toEqual([]);
  });

  it('warns once of a handler without a class whose integer a number rounds, and gives it every digit', async () => {
    const seen: string[] = [];
    class Jobs {
      @Job('pay', { args: null })
      pay(_args: { id: number }, job: JobContext) {
        seen.push(job.argsJson);
      }
    }
    const { app, logs } = await apps.start([Jobs]);
    await app.get(Enqueuer).enqueueMany('pay', [{ id: 9007199254740993n }, { id: 9007199254740993n }]);
    await waitFor('both', () => seen.length === 2);
    expect(seen).toEqual(['{"id":9007199254740993}', '{"id":9007199254740993}']);
    expect(logs.matching(/^warn .*The handler of job pay got args\.id rounded.*job\.argsJson/)).toHaveLength(1);
  });

  it('names options of jobs that no handler here declares', async () => {
    const { logs } = await apps.start([], { jobs: { mial: { priority: 2 } } });
    expect(logs.matching(/no handler here declares: mial/)).toHaveLength(1);
  });

  it('tells a failed attempt in one line, its stack at debug, and the end in the dead set', async () => {
    class Jobs {
      @Job('fails', { maxFails: 1 })
      run() {
        throw new Error('boom');
      }
      @Job('again')
      again() {
        throw new Error('later');
      }
    }
    const { app, logs } = await apps.start([Jobs]);
    const { id } = await app.get(Enqueuer).enqueue('fails', {});
    await app.get(Enqueuer).enqueue('again', {});
    await waitFor('both lines', () => logs.matching(/boom/).length > 0 && logs.matching(/later/).length > 0);
    expect(logs.matching(/boom/)).toEqual([
      `error [Work] Job fails ${id} failed in attempt 1 of 1 and went to the dead set: boom`,
    ]);
    expect(logs.matching(/later/)).toEqual([
      expect.stringMatching(/^warn \[Work\] Job again \w+ failed in attempt 1 of 4 and runs again in \d+ s: later$/),
      expect.stringMatching(/^debug \[Work\] Error: later\n +at /),
    ]);
  });

  it('carries the name and id of the job in each of its own lines', async () => {
    class Jobs {
      @Job('mail')
      send(_args: object, job: JobContext) {
        job.log.log('sent');
      }
    }
    const { app, logs } = await apps.start([Jobs]);
    const { id } = await app.get(Enqueuer).enqueue('mail', {});
    await waitFor('the line', () => logs.matching(/sent/)[0]);
    expect(logs.matching(/sent/)).toEqual([`log [mail ${id}] sent`]);
  });

  it('tells events to who listens, and goes on where a listener throws', async () => {
    class Jobs {
      @Job('count')
      run() {}
    }
    const { app, logs } = await apps.start([Jobs]);
    const seen: string[] = [];
    const events = app.get(WorkEvents);
    events.subscribe(() => {
      throw new Error('listener');
    });
    const stop = events.subscribe(({ type }) => seen.push(type));
    await app.get(Enqueuer).enqueue('count', {});
    await waitFor('the job to be finished', () => seen.includes('job_finished'));
    stop();
    const { length } = seen;
    await app.get(Enqueuer).enqueue('count', {});
    await app.get(WorkerPool).drain();
    expect(seen).toHaveLength(length);
    expect(logs.matching(/A listener of WorkEvents failed/).length).toBeGreaterThan(0);
  });
});
