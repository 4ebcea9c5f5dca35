import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

/** SHA-256 of a file as lower-case hexadecimal; `onBytes` hears how many bytes were read so far. */
export async function sha256OfFile(
  path: string,
  {onBytes, signal}: {readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal} = {},
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = createReadStream(path, {highWaterMark: 1 << 20, ...(signal && {signal})});
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return hash.digest('hex');
}
