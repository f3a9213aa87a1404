import * as z from 'zod';
import type { Plan } from './decide-photo';
import { isSamePictureUrl, nextTimestamp } from './decide-profile';
import { decideShown, type ShownAt } from './decide-shown';

/** What SharePoint showed before the app, as far as it can be shown again. */
export type Earlier =
  | { kind: 'nothing'; placeholderState: string }
  /** A file on one of the configured hosts; whether it is still there is to be seen. */
  | { kind: 'file'; mySiteUrl: string; path: string; placeholderState: string };

type NotRestored = Plan & { plan: 'skip' };

/** Why a person is held after an admin had the picture of before put back: the next sweep would write it again. */
export const restoredHold = 'Restored by an admin';

export const notRestored = (reason: string): NotRestored => ({ plan: 'skip', code: 'not-restored', reason });

/** Whether there is anything of this app to take back, as far as the row knows. */
export const isToRestore = (row: { appliedEtag: string; earlierProperties: string; filesDueAt: string }) =>
  row.appliedEtag !== '' || row.earlierProperties !== '' || row.filesDueAt !== '';

const earlierSchema = z.object({
  PictureURL: z.string(),
  'SPS-PicturePlaceholderState': z.string().max(10),
});

/**
 * What the row has kept of the time before the app.
 * @param earlierProperties the row's, which is untrusted: whatever it says, only a file on a configured host is shown.
 */
export function decideEarlier(
  personId: string,
  earlierProperties: string,
  geos: readonly { mySiteUrl: string }[],
): Earlier | NotRestored {
  if (earlierProperties === '') {
    return notRestored('There is no record of what SharePoint showed before this app wrote.');
  }
  const parsed = earlierSchema.safeParse(parseJson(earlierProperties));
  if (!parsed.success) return notRestored("The record of what SharePoint showed before can't be read.");
  const { PictureURL, 'SPS-PicturePlaceholderState': placeholderState } = parsed.data;
  const shown = decideShown(personId, PictureURL, geos);
  if (shown.by === 'nobody') return { kind: 'nothing', placeholderState };
  if (shown.by !== 'other-file' || isOfApp(shown.path)) {
    return notRestored(
      'The earlier picture does not lie in the picture library of a My Site host that the settings name.',
    );
  }
  return { kind: 'file', mySiteUrl: shown.mySiteUrl, path: shown.path, placeholderState };
}

/** A file of the app's own, whoever's, is no earlier picture. */
const isOfApp = (path: string) => /\/m365-[^/]*$/i.test(path);

export function earlierUrl(earlier: Earlier): string {
  if (earlier.kind === 'nothing') return '';
  return `${earlier.mySiteUrl}${earlier.path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * `set`: the properties are set back, then our files go. `clean-up`: only our files are left, since the properties are back
 * already, or the app itself had cleared the picture. `plan` is what it comes to.
 */
export type RestorePlan = { do: 'set' | 'clean-up'; plan: Plan } | NotRestored;

/**
 * @param facts.shown where the profile's `PictureURL` leads now. @param facts.isThere whether the earlier file still exists.
 * @param facts.wasCleared the photo was removed, so the app cleared the picture, and its files wait to go.
 */
export function decideRestore(facts: {
  shown: ShownAt;
  pictureUrl: string;
  earlier: Earlier;
  isThere: boolean;
  wasCleared: boolean;
}): RestorePlan {
  const { shown, pictureUrl, earlier, isThere, wasCleared } = facts;
  const isBack =
    earlier.kind === 'nothing' ? shown.by === 'nobody' : isSamePictureUrl(pictureUrl, earlierUrl(earlier));
  const plan: Plan = { plan: 'restore', code: 'restored', reason: restoredReason(earlier) };
  if (isBack) return { do: 'clean-up', plan };
  if (shown.by !== 'us') {
    const refused = notRestored(
      shown.by === 'nobody'
        ? 'SharePoint shows no picture any more, so there is none to replace.'
        : "SharePoint shows a picture by now that is not the app's.",
    );
    return wasCleared ? { do: 'clean-up', plan: refused } : refused;
  }
  if (earlier.kind === 'file' && !isThere) return notRestored('The earlier file is gone.');
  return { do: 'set', plan };
}

const restoredReason = ({ kind }: Earlier) =>
  kind === 'file'
    ? 'The picture of before is shown again.'
    : 'There was no picture before, and there is none again.';

/** In order: `PictureURL` last, so that no reader is sent to it with an old timestamp. */
export function restoreChanges(
  profile: { properties: ReadonlyMap<string, string>; readAt: Date },
  earlier: Earlier,
): [name: string, value: string][] {
  const timestamp = profile.properties.get('SPS-PictureTimestamp') ?? '';
  return [
    ['SPS-PicturePlaceholderState', earlier.placeholderState],
    ['SPS-PictureTimestamp', nextTimestamp(timestamp, profile.readAt)],
    ['PictureURL', earlierUrl(earlier)],
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
