import { Injectable } from '@nestjs/common';

/** Stands in for a database, which all processes would share. */
@Injectable()
export class ContactBook {
  readonly #emails = new Set<string>();

  get size(): number {
    return this.#emails.size;
  }

  has(email: string): boolean {
    return this.#emails.has(email);
  }

  add(email: string): void {
    this.#emails.add(email);
  }
}
