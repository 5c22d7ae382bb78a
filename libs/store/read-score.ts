/** A score as Redis writes it. */
export function readScore(text: Buffer | undefined): number {
  const score = String(text);
  return score.endsWith('inf') ? (score.startsWith('-') ? -Infinity : Infinity) : Number(score);
}
