import type {ClipConfig, ResNetConfig, TextConfig, VitConfig} from './clip-config.js';

type Shapes = Record<string, readonly number[]>;

/** Names and shapes of all weights, as {@link ClipModel} holds them, in OpenCLIP's order. */
export function parameterShapes({embedDim, vision, text}: ClipConfig): Readonly<Shapes> {
  return {
    positional_embedding: [text.contextLength, text.width],
    text_projection: [text.width, embedDim],
    logit_scale: [],
    ...(vision.kind === 'vit' ? vitShapes(vision, embedDim) : resNetShapes(vision, embedDim)),
    ...transformerShapes('transformer', text),
    'token_embedding.weight': [text.vocabSize, text.width],
    ...affineShapes('ln_final', text.width),
  };
}

/** Names and shapes of the running statistics of batch norm; empty for transformers. */
export function stateShapes({vision}: ClipConfig): Readonly<Shapes> {
  if (vision.kind === 'vit') return {};
  const norms = Object.entries(resNetShapes(vision, 1)).filter(([name]) => isBatchNormScale(name));
  return Object.fromEntries(
    norms.flatMap(([name, shape]) => {
      const norm = name.slice(0, -'.weight'.length);
      return [
        [`${norm}.running_mean`, shape],
        [`${norm}.running_var`, shape],
      ];
    }),
  );
}

/** Number of trained numbers in all weights. */
export function parameterCount(config: ClipConfig): number {
  return Object.values(parameterShapes(config)).reduce((sum, shape) => sum + sizeOf(shape), 0);
}

/** Number of elements of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function isBatchNormScale(name: string): boolean {
  return /\.(bn\d|downsample\.1)\.weight$/.test(name);
}

function vitShapes({imageSize, patchSize, width, ...blocks}: VitConfig, embedDim: number): Shapes {
  return {
    'visual.class_embedding': [width],
    'visual.positional_embedding': [1 + Math.floor(imageSize / patchSize) ** 2, width],
    'visual.proj': [width, embedDim],
    'visual.conv1.weight': [patchSize, patchSize, 3, width],
    ...affineShapes('visual.ln_pre', width),
    ...transformerShapes('visual.transformer', {width, ...blocks}),
    ...affineShapes('visual.ln_post', width),
  };
}

function transformerShapes(
  prefix: string,
  {width, layers, mlpWidth}: Pick<TextConfig, 'width' | 'layers' | 'mlpWidth'>,
): Shapes {
  return Object.assign(
    {},
    ...Array.from({length: layers}, (_, i) => {
      const block = `${prefix}.resblocks.${i}`;
      return {
        ...affineShapes(`${block}.ln_1`, width),
        [`${block}.attn.in_proj_weight`]: [3 * width, width],
        [`${block}.attn.in_proj_bias`]: [3 * width],
        ...linearShapes(`${block}.attn.out_proj`, width, width),
        ...affineShapes(`${block}.ln_2`, width),
        ...linearShapes(`${block}.mlp.c_fc`, width, mlpWidth),
        ...linearShapes(`${block}.mlp.c_proj`, mlpWidth, width),
      };
    }),
  ) as Shapes;
}

function resNetShapes({imageSize, stageBlocks, width}: ResNetConfig, embedDim: number): Shapes {
  const half = width / 2;
  const pooled = 32 * width;
  return {
    ...convolutionShapes('visual', 1, [3, 3, 3, half]),
    ...convolutionShapes('visual', 2, [3, 3, half, half]),
    ...convolutionShapes('visual', 3, [3, 3, half, width]),
    ...(Object.assign(
      {},
      ...stageBlocks.map((_, stage) => stageShapes(stage, stageBlocks, width)),
    ) as Shapes),
    'visual.attnpool.positional_embedding': [1 + (imageSize / 32) ** 2, pooled],
    ...linearShapes('visual.attnpool.k_proj', pooled, pooled),
    ...linearShapes('visual.attnpool.q_proj', pooled, pooled),
    ...linearShapes('visual.attnpool.v_proj', pooled, pooled),
    ...linearShapes('visual.attnpool.c_proj', pooled, embedDim),
  };
}

function stageShapes(stage: number, stageBlocks: readonly number[], width: number): Shapes {
  const planes = width * 2 ** stage;
  const shapes: Shapes = {};
  for (let i = 0; i < stageBlocks[stage]!; i++) {
    const block = `visual.layer${stage + 1}.${i}`;
    const from = i > 0 ? 4 * planes : stage > 0 ? 2 * planes : width;
    Object.assign(shapes, {
      ...convolutionShapes(block, 1, [1, 1, from, planes]),
      ...convolutionShapes(block, 2, [3, 3, planes, planes]),
      ...convolutionShapes(block, 3, [1, 1, planes, 4 * planes]),
    });
    if (i > 0) continue;
    shapes[`${block}.downsample.0.weight`] = [1, 1, from, 4 * planes];
    Object.assign(shapes, affineShapes(`${block}.downsample.1`, 4 * planes));
  }
  return shapes;
}

/** A convolution and the batch norm behind it. */
function convolutionShapes(prefix: string, number: number, kernel: readonly number[]): Shapes {
  return {
    [`${prefix}.conv${number}.weight`]: kernel,
    ...affineShapes(`${prefix}.bn${number}`, kernel.at(-1)!),
  };
}

function linearShapes(name: string, from: number, to: number): Shapes {
  return {[`${name}.weight`]: [to, from], [`${name}.bias`]: [to]};
}

/** Scale and shift of a norm. */
function affineShapes(name: string, width: number): Shapes {
  return {[`${name}.weight`]: [width], [`${name}.bias`]: [width]};
}
