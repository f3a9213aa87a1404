import type { Books, Person, PictureStore, SimulatorClock } from '../books';
import { accountNameOf, pullNatively } from './sharepoint-state';

const DAY = 24 * 60 * 60 * 1_000;

/** `pulled`, or why SharePoint left the picture as it was. */
export type Visit = 'pulled' | 'no-profile' | 'no-mailbox' | 'no-photo' | 'pulled-today';

/**
 * As when the person visits SharePoint: it replaces their picture by its own thumbnails of the photo in Exchange, under
 * its own names, at most once a day.
 * https://learn.microsoft.com/sharepoint/troubleshoot/administration/profile-picture-not-showing
 * @param force pull whatever the time of the last pull.
 */
export async function visitSharePoint(
  { books, pictures, clock }: { books: Books; pictures: PictureStore; clock: SimulatorClock },
  person: Person,
  force: boolean,
): Promise<Visit> {
  const profile = books.profiles.get(accountNameOf(person.userPrincipalName));
  if (profile === undefined) return 'no-profile';
  if (!person.mailbox || profile.properties['SPS-PictureExchangeSyncState'] !== '1') return 'no-mailbox';
  if (person.photo === undefined) return 'no-photo';
  const last = Date.parse(books.nativePulls.get(profile.accountName)?.at ?? '');
  if (!force && clock.now() - last < DAY) return 'pulled-today';
  const at = new Date(clock.now()).toISOString();
  await pullNatively(books, pictures, profile, person.photo, { stem: person.id, at });
  return 'pulled';
}
