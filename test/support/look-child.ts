// Looks at an image file as data check and training do, and prints by how many bytes the memory grew at most, and what
// was said, as JSON.
import {readFile} from 'node:fs/promises';
import {lookAtImage} from '../../src/data/check/look-at-image.js';
import {decodeImage, pixelLimit} from '../../src/data/pixels/decode.js';
import {drawnPicture} from './mutated-corpus.js';

const path = process.argv[2]!;
const options = {mostPixels: pixelLimit, leastSide: 32, decode: true};
const peakBytes = () => process.resourceUsage().maxRSS * 1024;
await lookAtImage(await drawnPicture(1, 500).png().toBuffer(), 'a.png', options);
const before = peakBytes();
const {problems} = await lookAtImage(await readFile(path), path, options);
const said = await decodeImage({place: path, read: () => readFile(path)}, 224).catch(
  (error: Error) => error.message,
);
process.stdout.write(JSON.stringify({grownBytes: peakBytes() - before, problems, said}));
