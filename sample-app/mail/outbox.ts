import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Stands in for a mail server: every mail is a file in a local folder. */
@Injectable()
export class Outbox {
  readonly folder: string;

  constructor(config: ConfigService) {
    this.folder = config.get('OUTBOX', 'outbox');
  }

  /**
   * Writing the same `fileName` again replaces the file, so that a job which runs twice sends one mail. Whatever the name
   * is made of, the file is in the folder: the id of a job comes from whoever enqueued it.
   */
  async put(fileName: string, text: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, encodeURIComponent(fileName));
    await writeFile(path, text);
    return path;
  }
}
