import {describe, expect, it} from 'vitest';
import {progressText, showInstallEvent} from '../../../src/cli/install-progress.js';
import {progressLine} from '../../../src/cli/progress-line.js';

function stream(isTTY: boolean, columns = 40) {
  let text = '';
  return {isTTY, columns, write: (part: string) => void (text += part), text: () => text};
}

describe('progress on a terminal', () => {
  it('rewrites one line, cut to the width, and starts a new one for something else', () => {
    const out = stream(true, 10);
    const line = progressLine(out);
    line.show('a', 'a 1');
    line.show('a', 'a 2 and much more');
    line.show('b', 'b');
    line.end();
    line.end();
    expect(out.text()).toBe('\ra 1\u001B[K\ra 2 and m\u001B[K\n\rb\u001B[K\n');
  });
});

describe('progress elsewhere', () => {
  it('is a plain line at the start, every few seconds, and at the end', () => {
    const out = stream(false);
    let now = 0;
    const line = progressLine(out, {everyMs: 5000, nowMs: () => now});
    line.show('a', 'first');
    now = 4999;
    line.show('a', 'too soon');
    now = 5000;
    line.show('a', 'five seconds');
    line.show('a', 'the end', true);
    line.show('b', 'another');
    line.end();
    expect(out.text()).toBe('first\nfive seconds\nthe end\nanother\n');
  });
});

describe('the events of an installation', () => {
  const event = {
    type: 'progress',
    phase: 'download',
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-x.whl',
    ...{doneBytes: 120e6, totalBytes: 274e6, bytesPerSecond: 58.2e6},
  } as const;

  it('show bytes, share, rate and the time left', () => {
    expect(progressText(event)).toBe(
      'downloading tensorflow_cpu-2.21.0: 120 MB of 274 MB, 43 %, 58.2 MB/s, 3 s left',
    );
    expect(progressText({...event, bytesPerSecond: 0})).toBe(
      'downloading tensorflow_cpu-2.21.0: 120 MB of 274 MB, 43 %',
    );
  });

  it('each have a line', () => {
    const out = stream(false);
    const line = progressLine(out);
    showInstallEvent({type: 'notice', message: 'a GPU is here'}, line);
    showInstallEvent({...event, phase: 'unpack', bytesPerSecond: 0}, line);
    showInstallEvent({type: 'phase', phase: 'build'}, line);
    expect(out.text().split('\n')).toEqual([
      'a GPU is here',
      'unpacking tensorflow_cpu-2.21.0: 120 MB of 274 MB, 43 %',
      'building the addon',
      '',
    ]);
  });
});
