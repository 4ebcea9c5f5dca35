/** Finds the names of persons in a text and puts a word in their place. */
export type NameReplacer = (text: string) => string;

/**
 * Replaces names of persons by a word, as FILIP does (arXiv:2111.07783). They are found by compromise, a tagger for English
 * with lists of names, and only where every part begins with a capital letter: a colour or a verb is no name. A name that
 * follows another with nothing but `and` or a comma between becomes a word of its own.
 */
export async function nameReplacer(word: string): Promise<NameReplacer> {
  const {default: tagger} = await import('compromise');
  return (text) => {
    const found = tagger(text).people().json({offset: true}) as readonly TaggedText[];
    let replaced = '';
    let at = 0;
    for (const {offset} of found) {
      const name = withoutSigns(text.slice(offset.start, offset.start + offset.length));
      if (offset.start < at || !isCapitalised(name)) continue;
      replaced += text.slice(at, offset.start) + word;
      at = offset.start + name.length;
    }
    return replaced + text.slice(at);
  };
}

interface TaggedText {
  readonly offset: {readonly start: number; readonly length: number};
}

/** The tagger leaves the signs that follow a name with it. */
function withoutSigns(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+$/u, '');
}

function isCapitalised(name: string): boolean {
  const parts = name.match(/\p{L}+/gu) ?? [];
  return parts.length > 0 && parts.every((part) => /^\p{Lu}/u.test(part));
}
