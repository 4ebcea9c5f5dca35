/** Numbers of the independent random streams of a run. */
export const streams = {
  captioned: 0,
  unpaired: 1,
  crop: 2,
  caption: 3,
  view: 4,
  draw: 5,
  template: 6,
  rewrite: 7,
  partner: 8,
} as const;
