/** A vision transformer as CLIP uses it: class token, pre-norm blocks, a norm before and after them. */
export interface VitConfig {
  readonly kind: 'vit';
  readonly imageSize: number;
  readonly patchSize: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly layerNormEpsilon: number;
}

/** CLIP's modified ResNet: three-convolution stem, anti-aliased strides, attention pooling. */
export interface ResNetConfig {
  readonly kind: 'resnet';
  readonly imageSize: number;
  /** Bottleneck blocks in each of the four stages, for example [3, 4, 6, 3]. */
  readonly stageBlocks: readonly [number, number, number, number];
  /** Channels after the stem; the last stage has 32 times as many. */
  readonly width: number;
  /** Heads of the attention pool. */
  readonly heads: number;
}

/** The causal text transformer. */
export interface TextConfig {
  readonly contextLength: number;
  readonly vocabSize: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly layerNormEpsilon: number;
  /** Start, end and padding token. The text feature is read at the first end token. */
  readonly startToken: number;
  readonly endToken: number;
  readonly padToken: number;
}

/** How pixels become the tower's input: shorter side to `size`, centre crop, (x / 255 - mean) / std. */
export interface PreprocessConfig {
  readonly size: number;
  readonly interpolation: 'bicubic' | 'bilinear';
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

export interface ClipConfig {
  readonly embedDim: number;
  readonly activation: 'quick_gelu' | 'gelu';
  readonly vision: VitConfig | ResNetConfig;
  readonly text: TextConfig;
  readonly preprocess: PreprocessConfig;
}
