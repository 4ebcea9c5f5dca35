/** Whether a text is surely in another language than the one asked for. */
export type OtherLanguage = (text: string) => boolean;

/** Shorter texts are not judged: too many names and short phrases look like another language. */
const leastWords = 4;

const latin = /\p{Script=Latin}/u;

/**
 * Tells texts in another language by the letter sequences of 60 languages (the package eld). Only what the detector is sure
 * of counts, and of texts in Latin letters only those of four words and more.
 * @param language two letters of ISO 639-1, such as `en`
 */
export async function otherLanguage(language: string): Promise<OtherLanguage> {
  const {eld} = await import('eld/medium');
  return (text) => {
    const words = text.match(/\p{L}+/gu) ?? [];
    if (words.length === 0 || (latin.test(text) && words.length < leastWords)) return false;
    const detected = eld.detect(text);
    return detected.isReliable() && detected.language !== language;
  };
}
