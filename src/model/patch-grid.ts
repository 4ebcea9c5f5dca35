/** Patches of an image, row by row. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
}
