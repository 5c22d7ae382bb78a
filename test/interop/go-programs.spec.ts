import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DIALECTS, goInterop } from './support/index.js';

const cwd = join(__dirname, 'go');
const run = (command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
const NOTHING = { stdout: '', stderr: '', status: 0 };

const describeGofmt = run('gofmt', ['-l', '.']).error ? describe.skip : describe;

describeGofmt('The Go programs', () => {
  it('are formatted', () => {
    expect(run('gofmt', ['-l', '.'])).toMatchObject(NOTHING);
  });
});

for (const dialect of DIALECTS) {
  const programs = goInterop(dialect);
  const describeVet = programs ? describe : describe.skip;

  describeVet(`The Go programs with gocraft/work ${dialect}`, () => {
    it('have nothing that go vet finds', () => {
      const { modfile, tags, env } = programs!;
      expect(run('go', ['vet', `-modfile=${modfile}`, `-tags=${tags}`, './...'], env)).toMatchObject(NOTHING);
    }, 120_000);

    it.each(['producer', 'worker', 'client'])('end with the test: %s', (program) => {
      const settings = JSON.stringify({ redis: 'redis://127.0.0.1:1', namespace: 'test', concurrency: 1 });
      const { signal } = spawnSync(join(programs!.programs, program), [settings], { input: '', timeout: 5_000 });
      expect(signal).toBeNull();
    });
  });
}
