/** The rising numbers of each pool id's calls. A number is spent when Redis has answered, not before. */
export class CallNumbers {
  readonly #spent = new Map<string, number>();

  next(poolId: string): number {
    return (this.#spent.get(poolId) ?? 0) + 1;
  }

  spend(poolId: string, number: number): void {
    this.#spent.set(poolId, Math.max(number, this.#spent.get(poolId) ?? 0));
  }
}
