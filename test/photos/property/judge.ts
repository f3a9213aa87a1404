import { isSamePictureUrl } from '../../../src/photos/decide-profile';
import { sizeLetters } from '../../../src/photos/picture-sizes';
import { createPersonTable } from '../../../src/storage/person-table';
import type { Ending } from './play';
import { earlierProperties, ownFile, ownUrl, people, type Person, type Tenant } from './tenant';
import { textOf } from './tiny-jpeg';

/** Whom SharePoint shows anything else than their own current photo, as sentences. */
export function wrongPictures({ tenant }: Ending): string[] {
  return people.flatMap((person) => {
    const photo = tenant.photoOf(person.id);
    return sizeLetters.flatMap((letter) => {
      const shown = tenant.files.get(ownFile(person, letter));
      const wanted = photo?.shown(letter);
      if (wanted ? shown?.equals(wanted) : !shown) return [];
      const words = [shown, wanted].map((bytes) => (bytes && textOf(bytes)) ?? 'none');
      return [`${person.name}'s ${letter} is ${String(words[0])} instead of ${String(words[1])}`];
    });
  });
}

/** Everything that is wrong in the end, or was wrong on the way. */
export async function faults(ending: Ending): Promise<string[]> {
  const { tenant, problems } = ending;
  const ofPeople = await Promise.all(people.map((person) => personFaults(ending, person)));
  return [
    ...wrongPictures(ending),
    ...people.flatMap((person) => profileFaults(tenant, person)),
    ...ofPeople.flat(),
    ...tenant.wrongdoings,
    ...tenant.foreignChanges(),
    ...problems,
  ];
}

function profileFaults(tenant: Tenant, person: Person): string[] {
  const valueOf = (name: string) => tenant.profiles.get(person.accountName)?.get(name) ?? '';
  const found: string[] = [];
  const isOurs = isSamePictureUrl(valueOf('PictureURL'), ownUrl(person));
  if (!tenant.photoOf(person.id)) {
    return isOurs ? [`${person.name} has no photo, and PictureURL leads to ours`] : [];
  }
  if (!isOurs) found.push(`${person.name}'s PictureURL is ${valueOf('PictureURL')}`);
  if (valueOf('SPS-PicturePlaceholderState') !== '0') found.push(`${person.name} still has a placeholder`);
  return found;
}

async function personFaults({ rows, tenant }: Ending, person: Person): Promise<string[]> {
  const { row } = await createPersonTable(rows).read(person.id);
  const photo = tenant.photoOf(person.id);
  const etag = photo?.etag ?? '';
  const found: string[] = [];
  // Of somebody who never had a photo for long, nothing may be on record.
  if (!photo && !row) return [];
  if (row?.dirty !== false) found.push(`${person.name}'s row stays dirty`);
  if (row?.appliedEtag !== etag || row.settledEtag !== etag)
    found.push(`${person.name}'s row says ${String(row?.appliedEtag)}, settled ${String(row?.settledEtag)}`);
  if (row?.doubt || row?.filesDueAt || row?.nextLookAt)
    found.push(`${person.name}'s row still waits for ${row.nextLookAt}`);
  const isKept = row?.earlierProperties === JSON.stringify(earlierProperties(person));
  if (!isKept && (photo || row?.earlierProperties))
    found.push(`${person.name}'s earlier properties are kept as ${String(row?.earlierProperties)}`);
  return found;
}
