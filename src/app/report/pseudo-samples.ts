import type {Plan} from '../../recipe/plan.js';
import {permutation} from '../../engine/random.js';
import type {CaptionedPicture} from '../../report/page-parts.js';
import {showPseudoLabels, type PseudoLabel, type PseudoShowEvent} from '../pseudo-show.js';
import {reopenTrainingData} from '../training/training-data.js';
import {smallPicture} from './picture.js';

/** Captions shown of each model. */
const topCaptions = 3;

/** Side of a picture in pixels: twice what it is shown at, for sharp screens. */
const pictureSide = 144;

/** First counter of the draw. */
const sampleStream = 0x5a11;

/** A model by a name for people, and where it is. */
export interface NamedModel {
  readonly by: string;
  readonly folder: string;
}

/**
 * A few uncaptioned images of a run, drawn by its seed, with the captions that transport gives them by the features of each
 * model. Yields progress.
 * @throws UserError as {@link showPseudoLabels} does
 */
export async function* pseudoSamples(
  plan: Plan,
  {models, count}: {readonly models: readonly NamedModel[]; readonly count: number},
): AsyncGenerator<PseudoShowEvent, CaptionedPicture[]> {
  const {unpaired} = await reopenTrainingData(plan);
  const order = permutation(unpaired.length, plan.seed, sampleStream);
  const images = Array.from(order.subarray(0, count), (i) => unpaired[i]!.image);
  if (images.length === 0) return [];
  const labels: (readonly PseudoLabel[])[] = [];
  for (const {folder} of models) {
    const options = {...pseudoOptions(plan), images: images.map(({id}) => id), model: folder};
    labels.push((yield* withoutNotices(showPseudoLabels(options))).images);
  }
  return Promise.all(
    images.map(async (image, i) => ({
      name: image.id,
      png: await smallPicture(image, pictureSide),
      captions: models.map(({by}, m) => ({by, lines: labels[m]![i]!.captions})),
    })),
  );
}

/** What is said of options does not help those who gave none. */
async function* withoutNotices<T>(
  events: AsyncGenerator<PseudoShowEvent, T>,
): AsyncGenerator<PseudoShowEvent, T> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    if (next.value.type !== 'notice') yield next.value;
  }
}

/** The same sets, seed and engine as the run. */
function pseudoOptions({captioned, unpaired, labelRatio, seed, engine}: Plan) {
  return {
    captioned: captioned.path,
    split: captioned.split ?? undefined,
    labelRatio: labelRatio ?? undefined,
    unpaired: unpaired ? referenceTo(unpaired) : undefined,
    transport: 'ot',
    assign: 'image',
    keywordTarget: 'softmax',
    keywordMatching: 'words',
    seed,
    engine,
    top: topCaptions,
  } as const;
}

function referenceTo({path, split}: {readonly path: string; readonly split: string | null}): string {
  return split === null ? path : `${path}#${split}`;
}
