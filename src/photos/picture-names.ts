import type { SizeLetter } from './picture-sizes';

/** Our own name for a person's file: no two people share one, and SharePoint itself writes none like it. */
export const pictureFileName = (personId: string, letter: SizeLetter) =>
  `m365-${personId}_${letter}Thumb.jpg`;

/** The address of our M file, which `PictureURL` holds. */
export function pictureUrl(mySiteUrl: string, folder: string, personId: string): string {
  const path = ['User Photos', folder, pictureFileName(personId, 'M')].map(encodeURIComponent).join('/');
  return `${mySiteUrl}/${path}`;
}
