/**
 * Signs that a text is UTF-8 read in a wrong single-byte encoding: pairs of characters that people hardly ever write
 * side by side. The classes and pairs are those that ftfy 6.3 established from large collections of text
 * (`ftfy.badness`, Apache-2.0); the tokenizers of OpenAI and OpenCLIP clean with it, so ours has to call the same texts bad.
 */
export function looksLikeMojibake(text: string): boolean {
  return signs.test(text);
}

/** The few hundred characters that occur in misread UTF-8, by the company they keep (`a-b` is a range). */
const classes = {
  common: '\u00a0\u00ad·´–—―…’',
  c1: '\u0080-\u009f',
  bad: '¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº',
  law: '¶§',
  currency: '¢£¥₧€',
  opening: '¡«¿©΄΅‘‚“„•‹\uf8ff',
  closing: '®»˝”›™',
  numeric: '²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№',
  // Letters that also make faces out of punctuation.
  kaomoji: 'Ò-ÖÙ-Üò-öø-üŐŌŪŲ°',
  upper: 'À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ',
  lower: 'ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ',
  upperCommon: 'ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я',
  lowerCommon: 'α-ωάέήίΰа-џ',
  box: '│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓',
} as const;

type ClassName = keyof typeof classes;

const any = (...names: ClassName[]): string => `[${within(...names)}]`;
const within = (...names: ClassName[]): string => names.map((name) => classes[name]).join('');

const arabicPart = `[ØÙ][${within('common', 'currency', 'bad', 'numeric', 'opening')}ŸŠ®°µ»]`;
const symbols = ['box', 'opening', 'closing', 'currency', 'numeric', 'law'] as const;
const whiteSpace =
  '[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';

const signs = new RegExp(
  [
    any('c1'),
    any('bad', 'lower', 'upper', ...symbols) + any('bad'),
    '[a-zA-Z]' + any('lowerCommon', 'upperCommon') + any('bad'),
    any('bad') + any('lower', 'upper', ...symbols),
    any('lower', 'lowerCommon', 'box', 'closing', 'currency', 'numeric') + any('upper'),
    any('box', 'closing', 'currency', 'numeric') + any('lower'),
    any('lower', 'box', 'closing') + any('currency'),
    whiteSpace + any('upper') + any('currency'),
    any('upper', 'box') + any('numeric', 'law'),
    any('lower', 'upper', 'box', 'currency', 'closing') + any('opening') + any('numeric'),
    any('lower', 'upper', 'currency', 'numeric', 'box', 'law') + any('closing') + any('opening'),
    any('currency', 'numeric', 'box') + any('opening'),
    '[a-z]' + any('upper') + any('opening', 'currency'),
    any('box') + any('kaomoji'),
    any('lower', 'upper', 'currency', 'numeric', 'opening', 'closing', 'law') + any('box'),
    any('box') + any('closing'),
    any('lower', 'upper') + any('opening', 'closing') + '[\\p{L}\\p{N}_]',
    '[Œœ][^A-Za-z]',
    any('upper') + '°',
    // Windows-1252: pairs of Western letters, of Arabic (two in a row, the second characters being common ones),
    // and the first two of three bytes in some South Asian scripts.
    `[ÂÃÎÐ][€œŠš¢£Ÿž\u00a0\u00ad®©°·»${within('opening', 'closing')}–—´]`,
    '×[²³]',
    arabicPart + arabicPart,
    'à[²µ¹¼½¾]',
    // Mac Roman.
    '√[±∂†≠®™´≤≥¥µø]',
    '≈[°¢]',
    '‚Ä[ìîïòôúùû†°¢π]',
    '‚[âó][àä°ê]',
    // Windows-1251: general punctuation, two letters around a sign, and twice misread text beside Latin letters.
    'вЂ',
    `[ВГРС][${within('c1', 'bad', 'opening', 'closing', 'currency')}°µ][ВГРС]`,
    'ГўВЂВ[^\\n][A-Za-z ]',
    // Windows-1252: a with accent and the no-break space, also where that became a plain space.
    'Ã[\u00a0¡]',
    `[a-z]${whiteSpace}?[ÃÂ] `,
    '^[ÃÂ] ',
    `[a-z.,?!${within('closing')}]Â[ ${within('opening', 'closing')}]`,
    // Windows-1253 and Windows-1257.
    'β€[™\u00a0Ά\u00ad®°]',
    `[ΒΓΞΟ][${within('c1', 'bad', 'opening', 'closing', 'currency')}°][ΒΓΞΟ]`,
    'ā€',
  ].join('|'),
  'u',
);
