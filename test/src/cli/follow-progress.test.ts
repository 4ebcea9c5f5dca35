import {stripVTControlCharacters} from 'node:util';
import {describe, expect, it} from 'vitest';
import {followProgress} from '../../../src/cli/follow-progress.js';
import {progressLine} from '../../../src/cli/progress-line.js';

async function* work(fails = false) {
  yield await Promise.resolve({type: 'notice' as const, message: 'engine: slow'});
  yield {type: 'progress' as const, what: 'images', done: 2, total: 4};
  if (fails) throw new Error('broken image');
  yield {type: 'progress' as const, what: 'images', done: 4, total: 4};
  return 'result';
}

function recorder() {
  const lines: string[] = [];
  const stream = {isTTY: false, write: (text: string) => lines.push(text.trimEnd())};
  return {lines, line: progressLine(stream), note: (message: string) => lines.push(message)};
}

describe('followProgress', () => {
  it('shows notices and progress and returns the result', async () => {
    const {lines, ...view} = recorder();
    expect(await followProgress(work(), view)).toBe('result');
    expect(lines).toEqual(['engine: slow', 'images: 2 of 4', 'images: 4 of 4']);
  });

  it('tells rate and time left once work has gone on for a second, and starts anew with other work', async () => {
    async function* long() {
      for (const done of [0, 10, 20, 30]) yield await Promise.resolve(images(done));
      yield {...images(5), what: 'captions'};
      yield {...images(6), what: 'captions'};
    }
    const images = (done: number) => ({type: 'progress' as const, what: 'images', done, total: 1000});
    let ms = 0;
    const written: string[] = [];
    const line = progressLine({isTTY: true, write: (text: string) => written.push(text)});
    await followProgress(long(), {line, note: () => {}, nowMs: () => (ms += 500)});
    const shown = written.map((text) => stripVTControlCharacters(text).trim()).filter(Boolean);
    expect(shown).toEqual([
      'images: 0 of 1000',
      'images: 10 of 1000',
      'images: 20 of 1000, 20/s, 49 s left',
      'images: 30 of 1000, 20/s, 49 s left',
      'captions: 5 of 1000',
      'captions: 6 of 1000',
    ]);
  });

  it('shows a download in bytes', async () => {
    async function* download() {
      const part = {
        type: 'download' as const,
        file: 'model.safetensors',
        totalBytes: 600e6,
        bytesPerSecond: 1e6,
      };
      yield await Promise.resolve({...part, doneBytes: 150e6});
    }
    const {lines, ...view} = recorder();
    await followProgress(download(), view);
    expect(lines).toEqual(['downloading model.safetensors: 150 MB of 600 MB']);
  });

  it('needs no line to show progress on', async () => {
    const notes: string[] = [];
    expect(await followProgress(work(), {note: (message) => notes.push(message)})).toBe('result');
    expect(notes).toEqual(['engine: slow']);
  });

  it('ends its line before a failure goes on', async () => {
    const written: string[] = [];
    const line = progressLine({isTTY: true, write: (text: string) => written.push(text)});
    await expect(followProgress(work(true), {line, note: () => {}})).rejects.toThrow('broken image');
    expect(written.at(-1)).toBe('\n');
  });
});
