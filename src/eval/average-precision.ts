/**
 * Average precision of one search as the Oxford and Paris Buildings count it (Philbin et al. 2007): the area under precision
 * over recall by trapezoids, with a precision of 1 at the start.
 * @param ranked whether each image found is right, the nearest first; junk is left out beforehand
 * @param positives right images that there are; at least 1
 */
export function averagePrecision(ranked: Iterable<boolean>, positives: number): number {
  let [area, hits, seen, before] = [0, 0, 0, 1];
  for (const isRight of ranked) {
    seen++;
    if (isRight) hits++;
    const precision = hits / seen;
    if (isRight) area += (before + precision) / 2 / positives;
    before = precision;
    if (hits === positives) break;
  }
  return area;
}
