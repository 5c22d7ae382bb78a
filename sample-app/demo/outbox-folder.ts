import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder that OUTBOX names, else a temporary one, which goes when the process does, however it exits. */
export function outboxFolder(): string {
  const given = process.env['OUTBOX'];
  if (given) return given;
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-work-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
