import { isWhole } from '../whole-number.js';
import { InvalidPageError } from './client-errors.js';

/** gocraft/work's. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 200;

/** Which part of a list or set. */
export interface Page {
  /** From 1 on. */
  readonly number: number;
  readonly size: number;
}

/** Position of a page's first entry. @throws InvalidPageError */
export function firstOfPage({ number, size }: Page): number {
  const isPage = isWhole(number, 1) && isWhole(size, 1, MAX_PAGE_SIZE) && isWhole(number * size, 1);
  if (!isPage) throw new InvalidPageError(number, size, MAX_PAGE_SIZE);
  return (number - 1) * size;
}
