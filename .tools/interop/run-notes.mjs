import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the processes of one test run need to know of each other, so that each thing is tried and told once in a run. */
export class RunNotes {
  #file;
  #notes;

  constructor(file, run) {
    this.#file = file;
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    this.#notes = run && kept?.run === run ? kept : { run, told: [], missing: {} };
  }

  tellOnce(line) {
    if (this.#notes.told.includes(line)) return;
    console.error(`\n${line}\n`);
    this.#notes.told.push(line);
    this.#keep();
  }

  missing(name) {
    return this.#notes.missing[name];
  }

  noteMissing(name, reason) {
    this.#notes.missing[name] = reason;
    this.#keep();
  }

  #keep() {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(this.#notes));
  }
}
