import {exitCodes, UserError} from '../../support/errors.js';

/** Licences under which pictures may train weights that are given away, by SPDX id. None is share-alike or non-commercial. */
export const friendlyLicences: ReadonlySet<string> = new Set([
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
]);

/** Who made the pictures of a package, and under what licence. */
export interface PictureLicence {
  /** With its version: `@iconify-json/noto@1.2.9`. */
  readonly package: string;
  readonly title: string;
  readonly author: string;
  /** Where the pictures come from; empty when the package does not say. */
  readonly source: string;
  /** SPDX id. */
  readonly licence: string;
}

/**
 * Lets a package through whose two statements about its licence, that of the pictures and that of the package, are both
 * friendly.
 * @param statements SPDX ids, undefined where there is none
 * @throws UserError (data) otherwise
 */
export function checkLicence(name: string, statements: Readonly<Record<string, string | undefined>>): void {
  for (const [place, licence] of Object.entries(statements)) {
    if (licence !== undefined && friendlyLicences.has(licence)) continue;
    const known = [...friendlyLicences].join(', ');
    throw new UserError(`${name}: ${place}: expected one of ${known}, got ${licence ?? 'no licence'}`, {
      exit: exitCodes.data,
      tryThis: 'leave the package out: weights trained on it could not be given away',
    });
  }
}

/**
 * Keeps pictures out that domains adapt to: what is measured there must be new to the model.
 * @throws UserError (usage) for a package of Fluent emoji or icons, under whatever name
 */
export function refuseDomainPictures(name: string): void {
  if (!/fluent/i.test(name)) return;
  throw new UserError(`${name}: expected pictures that no domain adapts to, got Fluent's`, {
    tryThis: 'another emoji style',
  });
}
