/** Signs that may end a sentence. */
export const sentenceTerminals = '.!?‼‽⁇⁈⁉。﹒﹗！．？｡';

/** Signs that part the parts of one word, as the inside of a character class; a plain hyphen comes last. */
export const wordHyphens = '\u00ad\u058a\u05be\u0f0c\u1400\u1806\u2010-\u2012\u2e17\u30a0\\-';
