import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {goldenCheckpoint} from './golden-checkpoints.js';

/** The files of a golden checkpoint, as a repository of the hub would hold them. */
export function goldenFiles(name: string): Record<string, Buffer> {
  const folder = goldenCheckpoint(name);
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));
}

/** A repository as they are: a CLIP, its card and tokenizer, and much that is not wanted. */
export function busyRepository(): Record<string, Buffer> {
  return {
    ...goldenFiles('hf-f32'),
    'README.md': Buffer.from('---\nlicense: mit\ntags:\n- clip\n---\n# A card\n'),
    'tokenizer.json': Buffer.from('{"a": "tokenizer"}'),
    'merges.txt': Buffer.from('#version: 0.2\n'),
    'pytorch_model.bin': Buffer.alloc(5000, 1),
    'flax_model.msgpack': Buffer.alloc(5000, 2),
    '.gitattributes': Buffer.from('*.bin filter=lfs\n'),
  };
}

export const commitA = 'a'.repeat(40);
export const commitB = 'b'.repeat(40);
