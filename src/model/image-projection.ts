import type {HostArray, HostArrays} from '../engine/step.js';
import type {ClipConfig} from './clip-config.js';

/** Names of the weights of the last linear layer of the image tower: [w, d], or [d, w] where it has a bias. */
export interface ImageProjection {
  readonly weight: string;
  readonly bias?: string;
}

/** The last linear layer of the image tower: a transformer's projection, or the output of a ResNet's attention pool. */
export function imageProjection({vision}: ClipConfig): ImageProjection {
  if (vision.kind === 'vit') return {weight: 'visual.proj'};
  return {weight: 'visual.attnpool.c_proj.weight', bias: 'visual.attnpool.c_proj.bias'};
}

/** The weights of a model whose image features are what the last layer read: its identity in place of it. */
export function withoutProjection(config: ClipConfig, weights: HostArrays): HostArrays {
  const {weight, bias} = imageProjection(config);
  const {shape} = weights[weight]!;
  const width = bias === undefined ? shape[0]! : shape[1]!;
  return {
    ...weights,
    [weight]: identity(width),
    ...(bias !== undefined && {[bias]: {shape: [width], data: new Float32Array(width)}}),
  };
}

function identity(width: number): HostArray {
  const data = new Float32Array(width * width);
  for (let i = 0; i < width; i++) data[i * width + i] = 1;
  return {shape: [width, width], data};
}
