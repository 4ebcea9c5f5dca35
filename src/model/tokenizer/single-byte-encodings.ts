/** A way to write text with one byte a character. Bytes are kept as strings of the characters U+0000 to U+00FF. */
export interface SingleByteEncoding {
  readonly name: string;
  /** True for the Windows code pages, where byte 1A stands for a character that was lost (U+FFFD). */
  readonly marksLoss: boolean;
  /** The byte for each character that can be written. */
  readonly byteOf: ReadonlyMap<string, string>;
}

/** The bytes of a text in an encoding, or undefined if a character of it cannot be written. */
export function encodeBytes(text: string, {byteOf}: SingleByteEncoding): string | undefined {
  let bytes = '';
  for (const character of text) {
    const byte = byteOf.get(character);
    if (byte === undefined) return undefined;
    bytes += byte;
  }
  return bytes;
}

/** What Windows-1252 shows for a byte; bytes it leaves open show the control character of their number. */
export function windows1252Character(byte: number): string {
  return upperHalf(windows1252)[byte - 0x80] ?? String.fromCharCode(byte);
}

// Characters of the bytes 80 to FF; U+FFFD where the character is the one with the byte's own number, as in Latin-1.
const same = '\ufffd'.repeat(32);
const windows1252 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ' + same + same + same;
const windows1251 =
  'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—�™љ›њќћџ' +
  '�ЎўЈ�Ґ��Ё�Є����Ї��Ііґ���ё№є�јЅѕї' +
  'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ' +
  'абвгдежзийклмнопрстуфхцчшщъыьэюя';
const windows1250 =
  '€�‚�„…†‡�‰Š‹ŚŤŽŹ�‘’“”•–—�™š›śťžź' +
  '�ˇ˘Ł�Ą����Ş����Ż��˛ł�����ąş�Ľ˝ľż' +
  'Ŕ��Ă�ĹĆ�Č�Ę�Ě��ĎĐŃŇ��Ő��ŘŮ�Ű��Ţ�' +
  'ŕ��ă�ĺć�č�ę�ě��ďđńň��ő��řů�ű��ţ˙';
const windows1253 =
  '€�‚ƒ„…†‡�‰�‹�����‘’“”•–—�™�›����' +
  '�΅Ά������������―����΄���ΈΉΊ�Ό�ΎΏ' +
  'ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ�ΣΤΥΦΧΨΩΪΫάέήί' +
  'ΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ�';
const windows1254 =
  '€�‚ƒ„…†‡ˆ‰Š‹Œ����‘’“”•–—˜™š›œ��Ÿ' +
  same +
  '����������������Ğ������������İŞ�' +
  '����������������ğ������������ış�';
const windows1257 =
  '€�‚�„…†‡�‰�‹�¨ˇ¸�‘’“”•–—�™�›�¯˛�' +
  '��������Ø�Ŗ����Æ��������ø�ŗ����æ' +
  'ĄĮĀĆ��ĘĒČ�ŹĖĢĶĪĻŠŃŅ�Ō���ŲŁŚŪ�ŻŽ�' +
  'ąįāć��ęēč�źėģķīļšńņ�ō���ųłśū�żž˙';
const latin2 =
  same +
  '�Ą˘Ł�ĽŚ��ŠŞŤŹ�ŽŻ�ą˛ł�ľśˇ�šşťź˝žż' +
  'Ŕ��Ă�ĹĆ�Č�Ę�Ě��ĎĐŃŇ��Ő��ŘŮ�Ű��Ţ�' +
  'ŕ��ă�ĺć�č�ę�ě��ďđńň��ő��řů�ű��ţ˙';
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü' +
  '†°��§•¶ß®�™´¨≠ÆØ∞�≤≥¥�∂∑∏π∫ªºΩæø' +
  '¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ' +
  '‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const dos437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
  'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const latin1 = define('latin-1', same + same + same + same, {marksLoss: false});

/** The encodings whose letters fill the bytes of UTF-8 sequences: Latin-1 and its Windows relatives. */
export const latinLikeEncodings: readonly SingleByteEncoding[] = [
  latin1,
  define('windows-1252', windows1252, {marksLoss: true}),
  define('windows-1251', windows1251, {marksLoss: true}),
  define('windows-1250', windows1250, {marksLoss: true}),
  define('windows-1253', windows1253, {marksLoss: true}),
  define('windows-1254', windows1254, {marksLoss: true}),
  define('windows-1257', windows1257, {marksLoss: true}),
];

/** All encodings that UTF-8 is known to be misread in, in the order they are tried. */
export const misreadEncodings: readonly SingleByteEncoding[] = [
  ...latinLikeEncodings,
  define('iso-8859-2', latin2, {marksLoss: false}),
  define('macroman', macRoman, {marksLoss: false}),
  define('cp437', dos437, {marksLoss: false}),
];

function define(name: string, half: string, {marksLoss}: {marksLoss: boolean}): SingleByteEncoding {
  const byteOf = new Map<string, string>();
  for (let byte = 0; byte < 0x80; byte++) byteOf.set(String.fromCharCode(byte), String.fromCharCode(byte));
  upperHalf(half).forEach((character, i) => byteOf.set(character, String.fromCharCode(0x80 + i)));
  if (marksLoss) {
    byteOf.delete('\x1a');
    byteOf.set('\ufffd', '\x1a');
  }
  return {name, marksLoss, byteOf};
}

function upperHalf(half: string): string[] {
  return [...half].map((character, i) =>
    character === '\ufffd' ? String.fromCharCode(0x80 + i) : character,
  );
}
