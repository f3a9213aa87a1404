import type { Books, SharePointProfile, SizeLetter, StoredFile } from '../books';

import { mySiteOf } from '../sharepoint/geos';

/** What SharePoint shows of a person: the properties, and the files they lead to. */
export interface ShownPicture {
  pictureUrl: string;
  timestamp: string;
  placeholderState: string;
  files: Partial<Record<SizeLetter, StoredFile>>;
}

/** The M file's server-relative path, however the URL is written: with `:443`, `?t=` or percent-encoding, or without. */
function pathOf(pictureUrl: string): string | undefined {
  if (!URL.canParse(pictureUrl)) return undefined;
  try {
    return decodeURIComponent(new URL(pictureUrl).pathname);
  } catch {
    return undefined;
  }
}

export function shownPicture(books: Books, profile: SharePointProfile): ShownPicture {
  const { properties } = profile;
  const site = mySiteOf(books, profile);
  const path = pathOf(properties.PictureURL);
  const files: ShownPicture['files'] = {};
  for (const letter of ['S', 'M', 'L'] as const) {
    const file =
      path === undefined ? undefined : site.files.get(path.replace(/_MThumb\.jpg$/i, `_${letter}Thumb.jpg`));
    if (file !== undefined) files[letter] = file;
  }
  return {
    pictureUrl: properties.PictureURL,
    timestamp: properties['SPS-PictureTimestamp'],
    placeholderState: properties['SPS-PicturePlaceholderState'],
    files,
  };
}

/** Whether a picture is shown at all: else SharePoint draws a placeholder. */
export function showsPicture(shown: ShownPicture): boolean {
  return shown.pictureUrl !== '' && shown.placeholderState !== '1';
}
