/** Levenshtein distance between two strings. */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The known name closest to `wanted`, or undefined when none is within a third of its length (at least 2). */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  let best: {name: string; distance: number} | undefined;
  for (const name of known) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = {name, distance};
  }
  return best?.name;
}

/** The tail of an error about an unknown name: what is known, and the nearest of it. */
export function knownNames(wanted: string, known: readonly string[]): string {
  const nearest = nearestName(wanted, known);
  const list = `known: ${known.length === 0 ? 'none' : known.join(', ')}`;
  return nearest === undefined ? list : `${list}; did you mean ${nearest}?`;
}
