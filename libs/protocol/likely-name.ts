/** The name that is most likely meant by one that does not exist: at most two typing errors away, in no more than a third of it. */
export function likelyName(mistyped: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => ({ name, errors: typingErrors(mistyped, name) }));
  const [nearest] = distances.toSorted((a, b) => a.errors - b.errors);
  return nearest && nearest.errors <= Math.min(2, mistyped.length / 3) ? nearest.name : undefined;
}

/** The rest of a sentence that begins with an option which nothing knows. */
export function doesNotExist(option: string, known: readonly string[]): string {
  const meant = likelyName(option, known);
  return meant === undefined
    ? `does not exist; there are ${known.join(', ')}.`
    : `does not exist; did you mean "${meant}"?`;
}

/** Characters that are wrong, missing, too many, or swapped with the next one. */
function typingErrors(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const ways = [last[column]! + 1, here[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1)];
      here.push(Math.min(...ways, isSwapped ? before[column - 2]! + 1 : Infinity));
    }
    [before, last] = [last, here];
  }
  return last[to.length]!;
}
