import {mkdtemp, rm} from 'node:fs/promises';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {UserError} from '../../src/support/errors.js';
import {knownNames} from '../../src/support/nearest-name.js';
import {defineBench, type BenchValues} from '../bench.js';
import {writeMaterial} from '../embed/material.js';
import {embedFigures, embedText, type EmbedFigures} from '../embed/report.js';
import {runEmbed} from '../embed/run-embed.js';
import {jsonOption, openOutput} from '../support/bench-output.js';
import {folderModelNames, writableModelNames, writeModelFolder} from '../support/model-folders.js';
import {mergeTableOf, peerPython, pythonOption} from '../support/peer-python.js';
import {countOf, listOf, textOf} from '../support/values.js';

export default defineBench({
  name: 'embed',
  summary: 'Images and texts a second, from JPEG files to features, beside open_clip.',
  options: {
    model: {
      type: 'string',
      value: 'NAME,NAME',
      text: `of ${folderModelNames.join(', ')} (default: all)`,
    },
    count: {type: 'string', value: 'N', text: 'images and texts (default 512)'},
    rounds: {type: 'string', value: 'N', text: 'turns of every contender (default 5)'},
    ...pythonOption,
    quick: {type: 'boolean', text: '64 images and texts, two rounds'},
    ...jsonOption,
  },
  async run(values) {
    const isQuick = values['quick'] === true;
    const models = chosenModels(values);
    const output = openOutput('embed', textOf(values, 'json'));
    const python = peerPython(textOf(values, 'python'));
    const folder = await mkdtemp(join(tmpdir(), 'fewclip-bench-'));
    try {
      const material = await writeMaterial(folder, countOf(values, 'count') ?? (isQuick ? 64 : 512));
      const figures: EmbedFigures[] = [];
      for (const name of models) {
        const model = join(folder, name);
        await writeModelFolder(name, model, mergeTableOf(python));
        const rates = await runEmbed({
          model,
          material,
          python,
          threads: availableParallelism(),
          rounds: countOf(values, 'rounds') ?? (isQuick ? 2 : 5),
          onProgress: (message) => output.progress(`${name}: ${message}`),
        });
        figures.push(embedFigures({model: name, material: material.description}, rates));
        output.text(embedText(figures.at(-1)!));
        await output.json(figures);
      }
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  },
});

function chosenModels(values: BenchValues): readonly string[] {
  const chosen = listOf(values, 'model');
  const unknown = chosen?.find((name) => !folderModelNames.includes(name));
  if (unknown === undefined) return chosen ?? writableModelNames();
  throw new UserError(
    `--model: expected a known model, got ${unknown} (${knownNames(unknown, folderModelNames)})`,
  );
}
