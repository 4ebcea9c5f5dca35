import {Args, Flags} from '@oclif/core';

/** The models that a diagnostic compares. */
export const inspectedModels = {
  model: Args.string({
    required: true,
    multiple: true,
    description: 'folders, hf:owner/name, or names such as ViT-B-32/openai; several stand side by side',
  }),
};

/** Flags of every diagnostic. */
export const inspectFlags = {
  out: Flags.string({helpValue: 'FILE', description: 'also draw a picture: a .png or .svg file'}),
  engine: Flags.option({
    options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
    default: 'auto' as const,
    description: 'what computes',
  })(),
};

/** Flags of the diagnostics that look at images alone. */
export const inspectedImages = {
  images: Flags.string({
    helpValue: 'PATH',
    description:
      'images to look at: a folder, a table, a tar; PATH#SPLIT names a split (default: our own drawings)',
  }),
  limit: Flags.integer({
    default: 64,
    min: 1,
    description: 'at most this many images, spread over the whole set',
  }),
};
