/*
 * When something looks so wrong that all writing stops until an admin has looked into it. Pure. Persons are told apart
 * by the first eight digits of their ids: enough to count by, and no more than is needed.
 */

export interface BreakerSettings {
  removalPercent: number;
  removals: number;
  samePicture: number;
}

export const hourMs = 3_600_000;
const windowHours = 24;
/** Beyond that many persons in an hour, one seen twice counts twice. */
const mostTags = 2000;

export const tagOf = (personId: string) => personId.slice(0, 8);

/** The removals first seen in one hour of Graph's time. */
export interface RemovalHour {
  /** Like `2026-11-27T21`. */
  hour: string;
  count: number;
  tags: readonly string[];
}

export const hourOf = (time: Date) => time.toISOString().slice(0, 13);

/** Hours that no longer count, or that another clock wrote. */
export function isPast({ hour }: { hour: string }, now: Date): boolean {
  const start = Date.parse(`${hour}:00:00Z`);
  return !(start > now.getTime() - (windowHours + 1) * hourMs);
}

/** @returns the present hour with this person in it, or undefined where the person is counted already. */
export function noteRemoval(
  hours: readonly RemovalHour[],
  personId: string,
  now: Date,
): RemovalHour | undefined {
  const tag = tagOf(personId);
  const counting = hours.filter((hour) => !isPast(hour, now));
  if (counting.some(({ tags }) => tags.includes(tag))) return undefined;
  const present = counting.find(({ hour }) => hour === hourOf(now));
  const tags = present?.tags ?? [];
  return {
    hour: hourOf(now),
    count: (present?.count ?? 0) + 1,
    tags: tags.length < mostTags ? [...tags, tag] : tags,
  };
}

export const removalsIn = (hours: readonly RemovalHour[], now: Date) =>
  hours.filter((hour) => !isPast(hour, now)).reduce((sum, { count }) => sum + count, 0);

/**
 * @param written how many people have a picture that the app wrote; where that is not known, the number alone decides.
 * @returns the reason to stop, if it is one.
 */
export function decideRemovals(
  removals: number,
  written: number | undefined,
  settings: BreakerSettings,
): string | undefined {
  if (removals <= settings.removals) return undefined;
  if (written !== undefined && removals <= (written * settings.removalPercent) / 100) return undefined;
  const share = written === undefined ? '' : ` of ${String(written)} whose picture the app wrote`;
  return `In 24 hours ${String(removals)} people${share} have lost their photo in Microsoft 365.`;
}

/** Who came to get one picture in the last 24 hours. */
export interface SamePicture {
  sha256: string;
  /** When, by tag of the person: ISO 8601, Storage's time. */
  wearers: Readonly<Record<string, string>>;
  /** An admin looked into it: a logo for everybody, for instance. */
  isAllowed: boolean;
}

/** @returns the picture with this person among its wearers, or undefined where there is nothing to add. */
export function noteSamePicture(
  known: SamePicture | undefined,
  sha256: string,
  personId: string,
  now: Date,
): SamePicture | undefined {
  const tag = tagOf(personId);
  if (known?.isAllowed) return undefined;
  const current = freshWearers(known, now);
  if (tag in current) return undefined;
  return { sha256, wearers: { ...current, [tag]: now.toISOString() }, isAllowed: false };
}

/** @returns the reason to stop, if it is one. */
export function decideSamePicture(
  picture: SamePicture | undefined,
  now: Date,
  settings: BreakerSettings,
): string | undefined {
  if (!picture || picture.isAllowed) return undefined;
  const count = Object.keys(freshWearers(picture, now)).length;
  if (count < settings.samePicture) return undefined;
  return `The same picture came for ${String(count)} people within 24 hours.`;
}

/** What of these still counts: who came in the last 24 hours, and what an admin allowed. */
export function freshPictures(pictures: readonly SamePicture[], now: Date): SamePicture[] {
  return pictures
    .map((picture) => ({ ...picture, wearers: freshWearers(picture, now) }))
    .filter(({ isAllowed, wearers }) => isAllowed || Object.keys(wearers).length > 0);
}

export function freshWearers(picture: SamePicture | undefined, now: Date): Record<string, string> {
  const since = now.getTime() - windowHours * hourMs;
  const wearers = Object.entries(picture?.wearers ?? {});
  return Object.fromEntries(wearers.filter(([, at]) => Date.parse(at) > since));
}
