import type {CorpusReport} from '../app/pretrain/corpus.js';

/** A corpus: its parts, then the packages with authors and licences. */
export function corpusText(folder: string, {parts, licences}: CorpusReport): string {
  const counts = Object.entries(parts).map(
    ([part, {images, pictures, concepts}]) =>
      `${part}: ${images} images of ${pictures} pictures, ${concepts} concepts`,
  );
  const packages = licences.map(
    ({package: name, title, author, licence, pictures, use}) =>
      `  ${name}: ${pictures} pictures, ${title} by ${author}, ${licence}${use === 'train' ? '' : ' (measured on)'}`,
  );
  return [...counts, ...packages, folder].join('\n');
}
