import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tool = join(__dirname, '../../.tools/bootstrap/install.mjs');

interface Package {
  readonly version: string;
  readonly optional?: true;
}

describe('The check whether the dependencies are installed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestjs-work-install-'));
    mkdirSync(join(folder, 'node_modules'));
    write('package-lock.json', { '': { version: '1.0.0' }, 'node_modules/a': { version: '1.2.3' } });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, packages: Record<string, Package>) =>
    writeFileSync(join(folder, file), JSON.stringify({ packages }));
  const installed = (packages: Record<string, Package>) => write('node_modules/.package-lock.json', packages);

  function isInstalled(): boolean {
    const code = `console.log((await import(${JSON.stringify(tool)})).isInstalled(${JSON.stringify(folder)}))`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    return answer.trim() === 'true';
  }

  it('says yes where every package of the lock file is there in its version', () => {
    installed({ 'node_modules/a': { version: '1.2.3' } });
    expect(isInstalled()).toBe(true);
  });

  it('says no where one has another version', () => {
    installed({ 'node_modules/a': { version: '1.2.4' } });
    expect(isInstalled()).toBe(false);
  });

  it('says no where one is missing', () => {
    installed({});
    expect(isInstalled()).toBe(false);
  });

  it('says no where an install was broken off, before npm wrote its list', () => {
    expect(isInstalled()).toBe(false);
  });

  it('does without what is optional, such as binaries for other systems', () => {
    write('package-lock.json', { 'node_modules/b-darwin': { version: '1.0.0', optional: true } });
    installed({});
    expect(isInstalled()).toBe(true);
  });
});
