import { join } from 'node:path';
import type { GoPrograms } from './go-programs.js';
import { LineProcess } from './line-process.js';

/** One Go program. */
export class GoProcess<Line> extends LineProcess<Line> {
  constructor({ programs, version }: GoPrograms, program: string, settings: object) {
    super({
      command: join(programs, program),
      args: [JSON.stringify(settings)],
      title: `Go ${program}`,
      note: `gocraft/work ${version} `,
    });
  }
}
