import type {Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {ClipConfig} from '../../model/clip-config.js';
import {imageTokenWidth, placeCount} from '../../model/image-tower.js';
import {UserError} from '../../support/errors.js';
import type {Encoders, MethodContext, RunSetting, View} from '../contract/method.js';
import type {Needs} from '../contract/needs.js';
import type {SideFile} from '../contract/outside.js';

/** Whose image tokens are learned. */
export const teacher = z
  .string()
  .min(1)
  .default('start')
  .describe(
    'whose tokens are learned: start (the model before the run), another CLIP by folder or name, or a .safetensors file with ' +
      'the tokens of every image, of DINO, DeiT or any other model',
  );

interface TeacherParams {
  readonly teacher: string;
}

/** A teacher's tokens of an image. */
interface TokenMap {
  readonly tokens: number;
  readonly width: number;
}

const isFile = (name: string) => /\.(safetensors|jsonl)$/.test(name);

/** What a method with such a teacher asks for. */
export const tokenTeacher = {
  readsStart: ({teacher: name}: TeacherParams): boolean => name === 'start',
  teachers: ({teacher: name}: TeacherParams): Record<string, string> =>
    name === 'start' || isFile(name) ? {} : {teacher: name},
  sideFiles: ({teacher: name}: TeacherParams): Record<string, SideFile> =>
    isFile(name) ? {teacher: {path: name, of: 'all', array: 'tokens'}} : {},
  /** Tokens in a file are of whole images, so whole images are what the student sees too. */
  views: ({teacher: name}: TeacherParams): Record<string, View> =>
    isFile(name) ? {whole: {of: 'all', area: [1, 1]}} : {},
};

/**
 * The width of the teacher's tokens.
 * @throws UserError when their grid is not that of the model
 */
export function teacherWidth(method: string, setting: Omit<RunSetting<TeacherParams>, 'sizes'>): number {
  const {config} = setting;
  const {tokens, width} = teacherMap(method, setting);
  const places = placeCount(config);
  if (tokens === places || (tokens === places + 1 && hasClassToken(config))) return width;
  const expected = hasClassToken(config)
    ? `${places} tokens, or ${places + 1} with a class token`
    : `${places} tokens`;
  throw new UserError(
    `${method}: expected a teacher with ${expected} for an image as the model has, got ${tokens}`,
    {
      tryThis: 'a teacher with the same number of patches, or images of another size for it',
    },
  );
}

function teacherMap(
  method: string,
  {config, params, outside}: Omit<RunSetting<TeacherParams>, 'sizes'>,
): TokenMap {
  const [model, file] = [outside.teachers['teacher']?.config, outside.sides['teacher']];
  if (file !== undefined) {
    const [tokens, width, ...rest] = file;
    if (tokens !== undefined && width !== undefined && rest.length === 0) return {tokens, width};
    throw new UserError(
      `${method}: expected tokens of shape [images, tokens, width] in ${params.teacher}, got [images, ${file.join(', ')}]`,
    );
  }
  const [own, other] = [config.vision.imageSize, model?.vision.imageSize ?? config.vision.imageSize];
  if (other !== own) {
    throw new UserError(
      `${method}: expected a teacher of images of ${own} pixels as the model, got ${other}`,
    );
  }
  const taught = model ?? config;
  return {tokens: placeCount(taught) + Number(hasClassToken(taught)), width: imageTokenWidth(taught)};
}

/** Images and what the teacher makes of them, of captioned and uncaptioned images in turn. */
export interface Lesson {
  readonly images: readonly Tensor4D[];
  /** [n, t, w] each: constants, made when asked for. */
  readonly tokens: () => readonly Tensor3D[];
  /** Whether the teacher's tokens have a class token in front. */
  readonly classToken: boolean;
}

type LessonContext = Pick<
  MethodContext<Needs & {unpaired: 'images'}, TeacherParams>,
  'batch' | 'config' | 'params' | 'sides' | 'start' | 'teachers' | 'views'
>;

/** What is to be learned in a step. */
export function lesson({
  batch: {paired, unpaired},
  config,
  params,
  sides,
  start,
  teachers,
  views,
}: LessonContext): Lesson {
  if (isFile(params.teacher)) {
    const given = [sides.paired['teacher'], sides.unpaired['teacher']].flatMap((entries) => entries ?? []);
    const seen = [views.paired['whole'], views.unpaired['whole']].flatMap((view) => view ?? []);
    const maps = given.map(({values}) => values as Tensor3D);
    return {images: seen, tokens: () => maps, classToken: maps[0]!.shape[1] > placeCount(config)};
  }
  const images = [paired.images, ...(unpaired === null ? [] : [unpaired.images])];
  const by: Pick<Encoders, 'imageTokens'> = teachers['teacher'] ?? start;
  return {
    images,
    tokens: () => images.map((all) => by.imageTokens(all)),
    classToken: hasClassToken(config),
  };
}

/** Whether the tokens of images by a model begin with a class token. */
export function hasClassToken({vision}: ClipConfig): boolean {
  return vision.kind === 'vit';
}
