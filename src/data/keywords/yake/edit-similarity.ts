/** 1 - Levenshtein distance / length of the longer text: 1 for equal texts, 0 for texts with nothing in common. */
export function editSimilarity(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  const longer = Math.max(from.length, to.length);
  if (longer === 0) return 1;
  let row = Array.from({length: to.length + 1}, (_, j) => j);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries()) {
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return 1 - row[to.length]! / longer;
}
