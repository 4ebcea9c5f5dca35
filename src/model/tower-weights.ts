/** The tower that reads a weight; undefined for the logit scale, which neither does. */
export function towerOf(name: string): 'image' | 'text' | undefined {
  if (name === 'logit_scale') return undefined;
  return name.startsWith('visual.') ? 'image' : 'text';
}

/** The entries that the image tower reads. */
export function imageWeights<T>(weights: Readonly<Record<string, T>>): Record<string, T> {
  return ofTower('image', weights);
}

/** The entries that the text tower reads. */
export function textWeights<T>(weights: Readonly<Record<string, T>>): Record<string, T> {
  return ofTower('text', weights);
}

function ofTower<T>(tower: 'image' | 'text', weights: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(weights).filter(([name]) => towerOf(name) === tower));
}
