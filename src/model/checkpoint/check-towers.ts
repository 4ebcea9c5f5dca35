import {exitCodes, UserError} from '../../support/errors.js';
import type {ClipConfig} from '../clip-config.js';

/**
 * Checks that attention heads share their tower's width evenly, and that patches cover the image.
 * @throws UserError with exit code `data`
 */
export function checkTowers({vision, text}: ClipConfig, where: string): void {
  const isViT = vision.kind === 'vit';
  checkDivides('image tower: heads', vision.heads, isViT ? vision.width : vision.width * 32, where);
  checkDivides('text tower: heads', text.heads, text.width, where);
  checkDivides('image tower: patch size', isViT ? vision.patchSize : 32, vision.imageSize, where);
}

function checkDivides(name: string, divisor: number, number: number, where: string): void {
  if (divisor >= 1 && number % divisor === 0) return;
  throw new UserError(`${where}: ${name}: expected a divisor of ${number}, got ${divisor}`, {
    exit: exitCodes.data,
  });
}
