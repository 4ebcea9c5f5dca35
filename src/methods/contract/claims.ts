/** What at most one method of a run can decide, and in words what it is. */
export const claims = {
  pairs: 'what captioned images and their captions are trained towards',
  'pseudo-labels': 'which captions or words uncaptioned images get',
  weights: 'which weights train',
  head: 'what sorts images into the classes',
} as const;

export type Claim = keyof typeof claims;
