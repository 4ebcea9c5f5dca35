import {readFile} from 'node:fs/promises';
import {tellingWords} from '../../data/keywords/telling-words.js';
import {carriedCaptionShare} from '../../eval/carried-captions.js';
import type {Rows} from '../../eval/inner-products.js';
import {nearestOthers} from '../../eval/nearest-others.js';
import {sharedWords, type SharedWords} from '../../eval/shared-words.js';
import type {Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {choosePartners, type PartnerSource} from './choose-partners.js';
import type {Partners} from './draw-partners.js';
import {embedTrainingImages} from './embed-training-images.js';
import type {TrainingData} from './training-data.js';

export interface UnpairedSource extends PartnerSource {
  readonly plan: PartnerSource['plan'] & Pick<Plan, 'unpairedOrder'>;
  readonly data: Pick<TrainingData, 'captioned' | 'unpaired'>;
  /** Whether all methods that read uncaptioned images give captions to them. */
  readonly mayLeaveOut: boolean;
  /** Where the decision is kept: a resumed run reads it again. */
  readonly file: string;
}

/** How much captioned images that look alike have in common. */
export interface CaptionedLikeness {
  /** Share of them of which the most similar other one has one of their captions. */
  readonly carried: number;
  readonly words: SharedWords;
}

/** How the uncaptioned images of a run come into its batches. */
export interface UnpairedUse {
  readonly order: 'matched' | 'shuffled' | 'left-out';
  /** Which come with which captioned ones; null: any, or none at all. */
  readonly partners: Partners | null;
  /** What decided; null: the plan alone. */
  readonly likeness: CaptionedLikeness | null;
}

/** From this share of carried captions on uncaptioned images are matched: between the sets of LOG.md, 2026-12-02, that gained and lost by it. */
const enoughCarried = 0.3;

/** Below this share of common words beyond chance they are left out: between the sets of LOG.md, 2026-12-02, that gained and lost by them. */
const enoughShared = 0.08;

/** Captioned images that are asked, at most: the first. */
const mostAsked = 2048;

const version = 2;

/** Decides how the uncaptioned images of a run take part, where its plan leaves that open or has them matched; once, and kept. */
export async function decideUnpaired(source: UnpairedSource): Promise<UnpairedUse> {
  const kept = await readFile(source.file, 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    const {version: _, ...use} = JSON.parse(kept) as UnpairedUse & {version: number};
    return use;
  }
  const use = await decided(source);
  await writeJsonAtomically(source.file, {version, ...use});
  return use;
}

async function decided(source: UnpairedSource): Promise<UnpairedUse> {
  const {plan, data, mayLeaveOut} = source;
  const captioned = await embedTrainingImages(data.captioned, source);
  const likeness = plan.unpairedOrder === 'auto' ? likenessOf(captioned, data) : null;
  const order = likeness === null ? 'matched' : orderFor(likeness, mayLeaveOut);
  const partners = order === 'matched' ? await choosePartners(source, captioned) : null;
  return {order, partners, likeness};
}

function likenessOf(features: Rows, {captioned}: Pick<TrainingData, 'captioned'>): CaptionedLikeness {
  const asked = captioned.slice(0, mostAsked).map(({captions}) => captions);
  const nearest = nearestOthers({...features, count: asked.length});
  return {
    carried: carriedCaptionShare(nearest, asked),
    words: sharedWords(nearest, asked.map(tellingWords())),
  };
}

function orderFor({carried, words}: CaptionedLikeness, mayLeaveOut: boolean): UnpairedUse['order'] {
  if (carried >= enoughCarried) return 'matched';
  return mayLeaveOut && words.alike - words.chance < enoughShared ? 'left-out' : 'shuffled';
}

/** What was decided and by what, for people; undefined where the plan decided. */
export function unpairedNotice({order, likeness}: UnpairedUse): string | undefined {
  if (likeness === null) return undefined;
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const {carried, words} = likeness;
  if (order === 'left-out') {
    return (
      `uncaptioned images: left out, because captioned ones that look alike share ${percent(words.alike)} of their words ` +
      `(${percent(words.chance)} by chance), so that captions given to others would be wrong; --unpaired-order shuffled uses them`
    );
  }
  return `uncaptioned images: ${order}, because of ${percent(carried)} of the captioned ones the most similar other one has one of their captions`;
}
