import type {InstallEvent} from '../app/install-engine.js';
import {formatBytes} from '../support/format-bytes.js';
import type {ProgressLine} from './progress-line.js';

const phaseTexts = {
  download: 'downloading',
  verify: 'verifying',
  unpack: 'unpacking',
  build: 'building the addon',
  check: 'loading TensorFlow once, to be sure',
  link: 'linking it into node_modules',
} as const;

/** Shows the events of an installation on a progress line. */
export function showInstallEvent(event: InstallEvent, line: ProgressLine): void {
  switch (event.type) {
    case 'progress':
      line.show(
        `${event.phase} ${event.file}`,
        progressText(event),
        event.phase === 'download' && event.doneBytes >= event.totalBytes,
      );
      break;
    case 'phase':
      line.show(event.phase, phaseTexts[event.phase]);
      break;
    case 'notice':
      line.show(`notice ${event.message}`, event.message);
  }
}

/** `downloading tensorflow_cpu-2.21.0: 120 MB of 274 MB, 44 %, 58.2 MB/s, 3 s left`. */
export function progressText(event: Extract<InstallEvent, {type: 'progress'}>): string {
  const {phase, file, doneBytes, totalBytes, bytesPerSecond} = event;
  // project and version say enough
  const name = file.split('-').slice(0, 2).join('-');
  const parts = [
    `${phaseTexts[phase]} ${name}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    `${Math.floor((100 * doneBytes) / Math.max(1, totalBytes))} %`,
  ];
  if (bytesPerSecond > 0) {
    parts.push(`${formatBytes(bytesPerSecond)}/s`);
    const secondsLeft = Math.ceil((totalBytes - doneBytes) / bytesPerSecond);
    if (secondsLeft > 0) parts.push(`${secondsLeft} s left`);
  }
  return parts.join(', ');
}
