import type {EmbeddedData} from '../app/embed/embed-data.js';
import type {SearchReport} from '../app/search/search-embeddings.js';

/** What was found as a page for people: one line a row, the caption below where there is one. */
export function searchText({query, searched, results, modality}: SearchReport): string {
  const wanted = [query.text, query.image].filter((part) => part !== null).join(' and ');
  const what = modality === 'image' ? 'images' : 'captions';
  return [
    `${wanted}: nearest of ${searched} ${what}`,
    ...results.flatMap(({rank, score, shard, row, metadata}) => {
      const place =
        stringIn(metadata, 'image_path') ?? stringIn(metadata, 'url') ?? `shard ${shard}, row ${row}`;
      const caption = stringIn(metadata, 'caption');
      return [
        `${String(rank).padStart(4)}  ${score.toFixed(3).padStart(6)}  ${place}`,
        ...(caption === undefined ? [] : [`${' '.repeat(14)}${caption}`]),
      ];
    }),
  ].join('\n');
}

function stringIn(metadata: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = metadata[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What was embedded, in one or two lines. */
export function embeddedText(embedded: EmbeddedData): string {
  const {out, model, rows, dim, shards, shardsBefore, cached, computed, seconds} = embedded;
  const before = shardsBefore === 0 ? '' : ` (${shardsBefore} were there already)`;
  const rate = computed === 0 ? '' : `, ${(computed / seconds).toFixed(0)} images/s`;
  return [
    `${out}: ${rows} rows of ${dim} numbers by ${model} in ${shards} ${shards === 1 ? 'shard' : 'shards'}${before}`,
    `${computed} computed, ${cached} from the cache, ${seconds.toFixed(1)} s${rate}`,
  ].join('\n');
}
