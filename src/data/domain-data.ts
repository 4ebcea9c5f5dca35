import {exitCodes, UserError} from '../support/errors.js';
import {dataSet} from './data-set.js';
import type {Domain, DomainData} from './domain.js';
import type {CaptionedRow, DataSet, ImageRow} from './rows.js';
import {chooseSplit, type Purpose} from './splits.js';

const reference = /^domain:(?<name>.+)$/;

/** The domain whose own data a path refers to (`domain:toy`), or null for a path on disk. */
export function domainOf(path: string): string | null {
  return reference.exec(path)?.groups?.['name'] ?? null;
}

/**
 * The data that a domain makes by itself.
 * @throws UserError (usage) when it has none.
 */
export function dataOf(domain: Domain): DomainData {
  if (domain.data !== undefined) return domain.data;
  throw new UserError(`domain ${domain.name}: expected data of its own, got none`, {
    tryThis: 'name your images: --captioned PATH --unpaired PATH',
  });
}

/** The training sets of a domain's own data: captioned images, and uncaptioned ones. */
export async function openDomainData(
  domain: Domain,
): Promise<{readonly captioned: DataSet<CaptionedRow>; readonly unpaired: DataSet<ImageRow>}> {
  const asked = {split: undefined, origin: `domain:${domain.name}`};
  return {
    captioned: await openDomainCaptions(domain, {...asked, purpose: 'training'}),
    unpaired: await openDomainImages(domain, asked),
  };
}

interface Asked {
  readonly split: string | undefined;
  /** The reference the user gave. */
  readonly origin: string;
}

/** Captioned rows of a domain's own data: `train` or `test`, without labels. */
export async function openDomainCaptions(
  domain: Domain,
  {split, purpose, origin}: Asked & {readonly purpose: Purpose},
): Promise<DataSet<CaptionedRow>> {
  const data = dataOf(domain);
  const taken = chooseSplit(new Set(['train', 'test']), {split, purpose}, origin);
  const rows = [
    ...(taken === 'test' ? [] : await data.captioned()),
    ...(taken === 'train' ? [] : await data.test()),
  ];
  return dataSet(
    rows.map(({image, captions}) => ({image, captions})),
    origin,
  );
}

/**
 * Rows of a domain's own data with their classes, for `openLabelled`: test images, and captioned ones where the domain
 * tells their class.
 * @throws UserError (data) when it tells none
 */
export async function openDomainLabels(
  domain: Domain,
  {split, purpose, origin}: Asked & {readonly purpose: Purpose},
): Promise<readonly DomainLabelled[]> {
  const data = dataOf(domain);
  const taken = chooseSplit(new Set(['train', 'test']), {split, purpose}, origin);
  const rows = [
    ...(taken === 'test' ? [] : await data.captioned()),
    ...(taken === 'train' ? [] : await data.test()),
  ].filter((row): row is DomainLabelled => row.label !== undefined);
  if (rows.length > 0) return rows;
  throw new UserError(`${origin}: expected images with a class, got none`, {exit: exitCodes.data});
}

type DomainLabelled = CaptionedRow & {readonly label: string};

/** The uncaptioned images of a domain's own data, or the images of the split that is named. */
export async function openDomainImages(domain: Domain, {split, origin}: Asked): Promise<DataSet<ImageRow>> {
  const rows =
    split === undefined
      ? await dataOf(domain).unpaired()
      : (await openDomainCaptions(domain, {split, origin, purpose: 'pool'})).rows;
  return dataSet(
    rows.map(({image}) => ({image})),
    origin,
  );
}
