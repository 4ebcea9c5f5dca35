/** The entries that the image tower reads. */
export function imageWeights<T>(weights: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(weights).filter(([name]) => name.startsWith('visual.')));
}

/** The entries that the text tower reads. */
export function textWeights<T>(weights: Readonly<Record<string, T>>): Record<string, T> {
  const isText = (name: string) => !name.startsWith('visual.') && name !== 'logit_scale';
  return Object.fromEntries(Object.entries(weights).filter(([name]) => isText(name)));
}
