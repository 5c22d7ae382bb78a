import { Injectable } from '@nestjs/common';

@Injectable()
export class ContactBook {
  readonly #emails = new Set<string>();

  get size(): number {
    return this.#emails.size;
  }

  has(email: string): boolean {
    return this.#emails.has(email);
  }

  /** A contact that is there already stays as it is, so that an import may run twice. */
  add(email: string): void {
    this.#emails.add(email);
  }
}
