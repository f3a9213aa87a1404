/** The three pictures SharePoint keeps of a person. */
export const sizeLetters = ['S', 'M', 'L'] as const;
export type SizeLetter = (typeof sizeLetters)[number];

/** Sizes that Graph serves of a photo kept in Microsoft 365. https://learn.microsoft.com/graph/api/profilephoto-get */
const standardSizes = [48, 64, 96, 120, 240, 360, 432, 504, 648] as const;

/** The largest that each of SharePoint's slots is given. */
const slotLimits: Record<SizeLetter, number> = { S: 48, M: 96, L: 360 };

/** One of Graph's square renditions by its side in pixels, or the photo as it is stored. */
export type PictureSize = (typeof standardSizes)[number] | 'original';

/** Whether it is one of Graph's squares. A photo of other measures is kept in the directory, where there are no renditions. */
export function isStandardSize(width: number, height: number): boolean {
  return width === height && standardSizes.some((size) => size === width);
}

/**
 * Which of Graph's renditions to copy into which slot: the largest that fits, since Graph makes none larger than the
 * photo. A photo that is no standard square is kept in the directory, where there are no renditions.
 */
export function chooseSizes(width: number, height: number): Record<SizeLetter, PictureSize> {
  const isStandard = isStandardSize(width, height);
  const fitting = (limit: number): PictureSize =>
    isStandard
      ? (Math.max(48, ...standardSizes.filter((size) => size <= Math.min(limit, width))) as PictureSize)
      : 'original';
  return { S: fitting(slotLimits.S), M: fitting(slotLimits.M), L: fitting(slotLimits.L) };
}
