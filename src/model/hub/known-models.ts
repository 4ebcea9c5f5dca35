import {nearestName} from '../../support/nearest-name.js';

/** A published model by OpenCLIP's names: architecture and training run. */
export interface KnownModel {
  /** `ViT-B-32/openai` */
  readonly name: string;
  /** The hub repository with its weights as safetensors. */
  readonly repository: string;
  /** OpenCLIP also knows these runs as `ViT-B-32-quickgelu/openai`. */
  readonly isQuickGelu: boolean;
}

/**
 * Architecture -> training run -> repository, for the models that are plain CLIPs (source: pretrained.py of
 * open_clip 3.3.0). Runs trained with QuickGELU are marked with q.
 */
const repositories: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RN50: {
    'openai q': 'timm/resnet50_clip.openai',
    'yfcc15m q': 'timm/resnet50_clip.yfcc15m',
    'cc12m q': 'timm/resnet50_clip.cc12m',
  },
  RN101: {'openai q': 'timm/resnet101_clip.openai', 'yfcc15m q': 'timm/resnet101_clip.yfcc15m'},
  RN50x4: {'openai q': 'timm/resnet50x4_clip.openai'},
  RN50x16: {'openai q': 'timm/resnet50x16_clip.openai'},
  RN50x64: {'openai q': 'timm/resnet50x64_clip.openai'},
  'ViT-B-32': {
    'openai q': 'timm/vit_base_patch32_clip_224.openai',
    'laion400m_e31 q': 'timm/vit_base_patch32_clip_224.laion400m_e31',
    'laion400m_e32 q': 'timm/vit_base_patch32_clip_224.laion400m_e32',
    laion2b_e16: 'timm/vit_base_patch32_clip_224.laion2b_e16',
    laion2b_s34b_b79k: 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    datacomp_xl_s13b_b90k: 'laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K',
    datacomp_m_s128m_b4k: 'laion/CLIP-ViT-B-32-DataComp.M-s128M-b4K',
    datacomp_s_s13m_b4k: 'laion/CLIP-ViT-B-32-DataComp.S-s13M-b4K',
    'metaclip_400m q': 'timm/vit_base_patch32_clip_224.metaclip_400m',
    'metaclip_fullcc q': 'timm/vit_base_patch32_clip_224.metaclip_2pt5b',
  },
  'ViT-B-32-256': {datacomp_s34b_b86k: 'laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K'},
  'ViT-B-16': {
    'openai q': 'timm/vit_base_patch16_clip_224.openai',
    laion400m_e31: 'timm/vit_base_patch16_clip_224.laion400m_e31',
    laion400m_e32: 'timm/vit_base_patch16_clip_224.laion400m_e32',
    laion2b_s34b_b88k: 'laion/CLIP-ViT-B-16-laion2B-s34B-b88K',
    datacomp_xl_s13b_b90k: 'laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K',
    datacomp_l_s1b_b8k: 'laion/CLIP-ViT-B-16-DataComp.L-s1B-b8K',
    'metaclip_400m q': 'timm/vit_base_patch16_clip_224.metaclip_400m',
    'metaclip_fullcc q': 'timm/vit_base_patch16_clip_224.metaclip_2pt5b',
  },
  'ViT-B-16-plus-240': {laion400m_e31: 'timm/vit_base_patch16_plus_clip_240.laion400m_e31'},
  'ViT-L-14': {
    'openai q': 'timm/vit_large_patch14_clip_224.openai',
    laion400m_e31: 'timm/vit_large_patch14_clip_224.laion400m_e31',
    laion400m_e32: 'timm/vit_large_patch14_clip_224.laion400m_e32',
    laion2b_s32b_b82k: 'laion/CLIP-ViT-L-14-laion2B-s32B-b82K',
    datacomp_xl_s13b_b90k: 'laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K',
    'metaclip_400m q': 'timm/vit_large_patch14_clip_224.metaclip_400m',
    'metaclip_fullcc q': 'timm/vit_large_patch14_clip_224.metaclip_2pt5b',
  },
  'ViT-L-14-336': {'openai q': 'timm/vit_large_patch14_clip_336.openai'},
  'ViT-H-14': {
    laion2b_s32b_b79k: 'laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
    'metaclip_fullcc q': 'timm/vit_huge_patch14_clip_224.metaclip_2pt5b',
    metaclip_altogether: 'timm/vit_huge_patch14_clip_224.metaclip_altogether',
  },
  'ViT-g-14': {
    laion2b_s12b_b42k: 'laion/CLIP-ViT-g-14-laion2B-s12B-b42K',
    laion2b_s34b_b88k: 'laion/CLIP-ViT-g-14-laion2B-s34B-b88K',
  },
  'ViT-bigG-14': {
    laion2b_s39b_b160k: 'laion/CLIP-ViT-bigG-14-laion2B-39B-b160k',
    'metaclip_fullcc q': 'timm/vit_gigantic_patch14_clip_224.metaclip_2pt5b',
  },
};

/** All published models that are known by name, by architecture and run. */
export const knownModels: readonly KnownModel[] = Object.entries(repositories).flatMap(
  ([architecture, runs]) =>
    Object.entries(runs).map(([run, repository]) => ({
      name: `${architecture}/${run.replace(/ q$/, '')}`,
      repository,
      isQuickGelu: run.endsWith(' q'),
    })),
);

/**
 * The repository of a published model. Besides `ViT-B-32/openai` these spellings are understood: OpenAI's own
 * (`ViT-B/32`, `ViT-L/14@336px`, `RN50`), and OpenCLIP's `-quickgelu` for the runs that were trained with it.
 */
export function knownRepository(name: string): string | undefined {
  const plain = plainName(name);
  const found = knownModels.find(
    (model) =>
      model.name === plain || (model.isQuickGelu && model.name.replace('/', '-quickgelu/') === plain),
  );
  return found?.repository;
}

/** The known name nearest to an unknown one. */
export function nearestKnownModel(name: string): string | undefined {
  const names = knownModels.map((model) => model.name);
  return nearestName(plainName(name), names) ?? names.find((known) => known.startsWith(`${name}/`));
}

/** The reference of the known repository whose name is nearest to an unknown one. */
export function nearestReference(repository: string): string | undefined {
  const repositories = knownModels.map((model) => model.repository).filter((known) => known !== repository);
  const nearest = nearestName(repository, repositories);
  return nearest === undefined ? nearestKnownModel(repository) : `hf:${nearest}`;
}

/** The known names of a repository. */
export function namesOfRepository(repository: string): string[] {
  return knownModels.filter((model) => model.repository === repository).map(({name}) => name);
}

/** OpenAI writes the patch size behind a slash, the resolution behind an @, and needs no name for its own runs. */
function plainName(name: string): string {
  const plain = name.replace(/^(ViT-[A-Z])\/(\d+)/, '$1-$2').replace(/@336px$/, '-336');
  const isOwn = plain !== name || /^RN\d/.test(name);
  return isOwn && !plain.includes('/') ? `${plain}/openai` : plain;
}
