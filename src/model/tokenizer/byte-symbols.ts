/**
 * One printable character for every byte, as GPT-2 chose them: printable Latin-1 bytes stand for themselves, the
 * others for the characters from U+0100 on. In the order of OpenAI's vocabulary: the printable ones first.
 */
export function byteSymbols(): ReadonlyMap<number, string> {
  const bytes = Array.from({length: 256}, (_, byte) => byte);
  const others = bytes.filter((byte) => !isPrintable(byte));
  return new Map([
    ...bytes.filter(isPrintable).map((byte) => [byte, String.fromCharCode(byte)] as const),
    ...others.map((byte, i) => [byte, String.fromCharCode(0x100 + i)] as const),
  ]);
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}
