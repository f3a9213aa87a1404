import type { Plan } from './decide-photo';

/** The four picture properties as SharePoint held them. */
export interface PictureProperties {
  PictureURL: string;
  'SPS-PicturePlaceholderState': string;
  'SPS-PictureTimestamp': string;
  'SPS-PictureExchangeSyncState': string;
}

export const pictureUrlProperty = 'PictureURL';
const timestampProperty = 'SPS-PictureTimestamp';
const placeholderProperty = 'SPS-PicturePlaceholderState';
const objectIdProperty = 'msOnline-ObjectId';

interface Profile {
  personalSiteHostUrl: string;
  properties: ReadonlyMap<string, string>;
  readAt: Date;
}

interface Geo {
  mySiteUrl: string;
  adminUrl: string;
}

/** Whose profile it is and where it lives: the geo to write to, or why not to write. */
export function decideProfile(
  personId: string,
  profile: Profile | undefined,
  geos: readonly Geo[],
): { geo: Geo } | (Plan & { plan: 'defer' }) {
  if (!profile) {
    return { plan: 'defer', code: 'no-profile', reason: 'SharePoint has no profile for this person yet.' };
  }
  const owner = profile.properties.get(objectIdProperty)?.toLowerCase() ?? '';
  // An account name can be given to somebody new while the profile is still its former owner's.
  if (owner !== '' && owner !== personId) {
    return {
      plan: 'defer',
      code: 'other-identity',
      reason: 'The SharePoint profile still belongs to another account.',
    };
  }
  const host = originOf(profile.personalSiteHostUrl);
  const geo = geos.find(({ mySiteUrl }) => originOf(mySiteUrl) === host);
  if (!geo) {
    const reason =
      'The profile lives on a My Site host that the settings do not name: for a geo of the tenant, add it to SHAREPOINT_GEOS.';
    return { plan: 'defer', code: 'unknown-geo', reason };
  }
  return { geo };
}

export function pictureProperties(profile: Profile): PictureProperties {
  const valueOf = (name: string) => profile.properties.get(name) ?? '';
  return {
    PictureURL: valueOf(pictureUrlProperty),
    'SPS-PicturePlaceholderState': valueOf(placeholderProperty),
    'SPS-PictureTimestamp': valueOf(timestampProperty),
    'SPS-PictureExchangeSyncState': valueOf('SPS-PictureExchangeSyncState'),
  };
}

/**
 * What has to be set, in order. `PictureURL` comes last, so that no reader is ever sent to a file that is not there.
 * @param pictureUrl address of our M file, without `?t=`: SharePoint appends the timestamp itself.
 */
export function propertyChanges(profile: Profile, pictureUrl: string): [name: string, value: string][] {
  const { properties, readAt } = profile;
  const changes: [string, string][] = [];
  if (properties.get(placeholderProperty) !== '0') changes.push([placeholderProperty, '0']);
  changes.push([timestampProperty, nextTimestamp(properties.get(timestampProperty) ?? '', readAt)]);
  if (!isSamePictureUrl(properties.get(pictureUrlProperty) ?? '', pictureUrl)) {
    changes.push([pictureUrlProperty, pictureUrl]);
  }
  return changes;
}

/** What has to be set so that no picture is shown. The address goes last: until then the person is known as ours to clear. */
export function clearedProperties({ properties, readAt }: Profile): [name: string, value: string][] {
  return [
    [placeholderProperty, '1'],
    [timestampProperty, nextTimestamp(properties.get(timestampProperty) ?? '', readAt)],
    [pictureUrlProperty, ''],
  ];
}

/** Seconds from the year 1 to 1970: SharePoint counts from there. */
const yearOneToUnix = 62_135_596_800;

/**
 * Readers cache a picture by this number, so it has to grow with every write: now, or one more than a value that is
 * not yet past. A value further ahead, or no number, is a mistake that would freeze the picture.
 */
export function nextTimestamp(old: string, now: Date): string {
  const nowSeconds = Math.floor(now.getTime() / 1000) + yearOneToUnix;
  const oldSeconds = /^\d{1,15}$/.test(old) ? Number(old) : -1;
  const isJustAhead = oldSeconds >= nowSeconds && oldSeconds <= nowSeconds + 60;
  return String(isJustAhead ? oldSeconds + 1 : nowSeconds);
}

/** SharePoint writes the same address with or without `:443`, `?t=` and percent-encoding. */
export function isSamePictureUrl(one: string, other: string): boolean {
  const normal = normalPictureUrl(one);
  return normal !== undefined && normal === normalPictureUrl(other);
}

function normalPictureUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  return `${url.origin}${decoded(url.pathname)}`.toLowerCase();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function originOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).origin : undefined;
}
