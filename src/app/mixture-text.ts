/** Which mixture a share of the trained weights makes, in words. */
export function mixtureText(share: number): string {
  return `${Math.round(100 * share)} % of the way from the weights before to the trained ones`;
}
