import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'nestjs-work-package-';

/**
 * An empty folder outside the repository, whose node_modules would lend an application there what it lacks. It is big and
 * stays where a run is broken off: the next one deletes it.
 */
export function temporaryFolder(): string {
  const temporary = realpathSync(tmpdir());
  for (const name of readdirSync(temporary)) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length).split('-')[0]))) {
      rmSync(join(temporary, name), { recursive: true, force: true });
    }
  }
  return mkdtempSync(join(temporary, `${prefix}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
