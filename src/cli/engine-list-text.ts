import type {EngineList} from '../app/list-engines.js';
import {formatBytes} from '../support/format-bytes.js';

/** The engines, one a line, the linked one marked; then what else is to be known. */
export function engineListText({folder, engines, linked}: EngineList): string {
  const width = Math.max(0, ...engines.map(({name}) => name.length));
  const lines = engines.map(({name, bytes, linked: isLinked, whole}) => {
    const remarks = [...(isLinked ? ['linked'] : []), ...(whole ? [] : ['damaged: install it again'])].join(
      ', ',
    );
    return `${isLinked ? '*' : ' '} ${name.padEnd(width)}  ${formatBytes(bytes).padStart(7)}  ${remarks}`.trimEnd();
  });
  if (lines.length === 0) lines.push(`no engine in ${folder}`);
  if (linked === undefined) lines.push('no engine is linked: fewclip engine install');
  else if (!engines.some((engine) => engine.linked)) lines.push(`linked from elsewhere: ${linked.folder}`);
  return lines.join('\n');
}
