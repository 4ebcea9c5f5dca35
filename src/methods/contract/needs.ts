/** What a method reads beyond captioned images. Anything undeclared does not exist for it. */
export interface Needs {
  readonly unpaired?: 'images';
  /** Uncaptioned images beside captioned ones that they look like, where captions name kinds of things and a run does not ask otherwise. */
  readonly alike?: true;
  readonly keywords?: true;
  /** The model as it was before the run, frozen, in evaluation mode. */
  readonly start?: true;
  /** Which image and which caption of the data each pair is. */
  readonly origins?: true;
  /** The captions once more, with words exchanged, left out or repeated anew at every visit. */
  readonly rewritten?: true;
  /** The class of every captioned image: a run with such a method is refused where there are none. */
  readonly classes?: true;
  /**
   * Towers whose tokens the method reads beside their pooled features of the same images or texts: the features are then
   * made from the tokens instead of once more. Tokens alone need no declaration.
   */
  readonly tokens?: readonly ('image' | 'text')[];
}

/** What several methods of one run need together. */
export function unitedNeeds(all: readonly Needs[]): Needs {
  const tokens = (['image', 'text'] as const).filter((tower) =>
    all.some((needs) => needs.tokens?.includes(tower)),
  );
  return {
    ...(all.some(({unpaired}) => unpaired === 'images') && {unpaired: 'images'}),
    ...(all.some(({alike}) => alike) && {alike: true}),
    ...(all.some(({keywords}) => keywords) && {keywords: true}),
    ...(all.some(({start}) => start) && {start: true}),
    ...(all.some(({origins}) => origins) && {origins: true}),
    ...(all.some(({rewritten}) => rewritten) && {rewritten: true}),
    ...(all.some(({classes}) => classes) && {classes: true}),
    ...(tokens.length > 0 && {tokens}),
  };
}
