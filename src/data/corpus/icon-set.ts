import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import {codePointsOf, parseCodePoints} from '../emoji/code-points.js';
import {checkLicence, refuseDomainPictures, type PictureLicence} from './licence.js';

/** A drawing of an icon set. */
export interface Icon {
  /** Its name and other names for it, words parted by hyphens. */
  readonly names: readonly string[];
  /** Of the emoji it draws, where the set says so. */
  readonly codePoints: string | undefined;
  /** The inside of an SVG. */
  readonly body: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The drawings of a package, in the order of their names. */
export interface IconSet extends PictureLicence {
  readonly prefix: string;
  readonly icons: readonly Icon[];
}

const side = z.number().positive();
const iconFields = z.object({
  body: z.string(),
  left: z.number().optional(),
  top: z.number().optional(),
  width: side.optional(),
  height: side.optional(),
  hidden: z.boolean().optional(),
});
const iconsFile = z.object({
  prefix: z.string(),
  icons: z.record(z.string(), iconFields),
  aliases: z.record(z.string(), z.object({parent: z.string()})).default({}),
  width: side.default(16),
  height: side.default(16),
});
const infoFile = z.object({
  name: z.string(),
  author: z.object({name: z.string(), url: z.string().default('')}),
  license: z.object({spdx: z.string().optional()}),
});
const packageFile = z.object({version: z.string(), license: z.string().optional()});

/**
 * Reads an icon set in Iconify's layout: `icons.json`, `info.json`, and `chars.json` where the icons are emoji.
 * @param folder the unpacked package
 * @param name of the package
 * @throws UserError when its licence is not friendly, a domain adapts to it, or it is no icon set
 */
export async function readIconSet(folder: string, name: string): Promise<IconSet> {
  refuseDomainPictures(name);
  const info = await readPart(folder, 'info.json', infoFile);
  const about = await readPart(folder, 'package.json', packageFile);
  checkLicence(name, {'licence of the pictures': info.license.spdx, 'licence of the package': about.license});
  const set = await readPart(folder, 'icons.json', iconsFile);
  const chars = await readPart(folder, 'chars.json', z.record(z.string(), z.string()), {});
  const codePoints = new Map(
    Object.entries(chars).map(([points, icon]) => [icon, parseCodePoints(points) ?? codePointsOf(points)]),
  );
  const otherNames = new Map<string, string[]>();
  for (const [alias, {parent}] of Object.entries(set.aliases)) {
    otherNames.set(parent, [...(otherNames.get(parent) ?? []), alias]);
  }
  const icons = Object.entries(set.icons)
    .filter(([, {hidden}]) => !hidden)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([icon, {body, left = 0, top = 0, width = set.width, height = set.height}]): Icon => {
      const names = [icon, ...(otherNames.get(icon) ?? [])];
      const known = names.map((one) => codePoints.get(one)).find((points) => points !== undefined);
      return {names, codePoints: known, body, left, top, width, height};
    });
  return {
    prefix: set.prefix,
    icons,
    package: `${name}@${about.version}`,
    title: info.name,
    author: info.author.name,
    source: info.author.url,
    licence: info.license.spdx!,
  };
}

async function readPart<T>(folder: string, file: string, schema: z.ZodType<T>, missing?: T): Promise<T> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && missing !== undefined) return undefined;
    throw notAnIconSet(path, error.code ?? error.message, error);
  });
  if (text === undefined) return missing!;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw notAnIconSet(path, 'something else', error);
  }
}

function notAnIconSet(path: string, got: string, cause: unknown): UserError {
  return new UserError(`${path}: expected the file of an icon set in Iconify's layout, got ${got}`, {
    exit: exitCodes.data,
    cause,
  });
}
