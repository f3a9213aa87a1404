import type { SizeLetter } from '../../../src/photos/picture-sizes';
import { alex, bea } from '../../support/ids';
import { removalConfirmMs } from './removal-time';
import { Photo, type PhotoKind } from './photos';
import { textOf } from './tiny-jpeg';

export interface Person {
  id: string;
  name: string;
  userPrincipalName: string;
  accountName: string;
}

const person = (id: string, name: string): Person => {
  const userPrincipalName = `${name}.b@contoso.example`;
  return { id, name, userPrincipalName, accountName: `i:0#.f|membership|${userPrincipalName}` };
};

export const people: readonly [Person, Person] = [person(alex, 'alex'), person(bea, 'bea')];

export const mySiteUrl = 'https://contoso-my.sharepoint.com';
export const adminUrl = 'https://contoso-admin.sharepoint.com';
export const pictureFolder = 'Profilbilder';

export const ownFile = ({ id }: Person, letter: SizeLetter) => `m365-${id}_${letter}Thumb.jpg`;
const nativeFile = ({ name }: Person, letter: SizeLetter) => `${name}_b_contoso_example_${letter}Thumb.jpg`;
const addressOf = (file: string) => `${mySiteUrl}/User%20Photos/${pictureFolder}/${file}`;
export const ownUrl = (one: Person) => addressOf(ownFile(one, 'M'));

/** SharePoint's own thumbnails, another product's files, and files of ours of somebody who is not in this. */
const foreignFiles: ReadonlyMap<string, Buffer> = new Map(
  [
    ...people.flatMap((one) => (['S', 'M', 'L'] as const).map((letter) => nativeFile(one, letter))),
    ...people.map(({ id }) => `badge-${id}_MThumb.jpg`),
    'm365-00000000-0000-4000-8000-000000000001_MThumb.jpg',
  ].map((name) => [name, Buffer.from(`not ours to touch: ${name}`)]),
);

/** The four picture properties as SharePoint's own sync left them. */
export const earlierProperties = (one: Person) => ({
  PictureURL: addressOf(nativeFile(one, 'M')),
  'SPS-PicturePlaceholderState': '1',
  'SPS-PictureTimestamp': '63500000000',
  'SPS-PictureExchangeSyncState': '1',
});

/** Graph's servers tell the time in whole seconds, and each is wrong by up to a second. */
const skewsMs = 3000;

/** What a person had as a photo, and from when on all of Graph's servers know it. */
interface Version {
  photo: Photo | undefined;
  settledMs: number;
}

const noPhoto: Version = { photo: undefined, settledMs: 0 };

/** What Graph and SharePoint hold of two people, and every wrong thing that was ever asked of them. */
export class Tenant {
  readonly files = new Map(foreignFiles);
  readonly profiles = new Map(
    people.map((one) => [
      one.accountName,
      new Map(Object.entries({ ...earlierProperties(one), 'msOnline-ObjectId': one.id })),
    ]),
  );
  readonly wrongdoings: string[] = [];
  private readonly looks: { worker: string; personId: string; foundNone: boolean; atMs: number }[] = [];
  private readonly histories = new Map<string, Version[]>(people.map(({ id }) => [id, [noPhoto]]));
  private photos = 0;

  /** @param lagMs how long from `nowMs` on some of Graph's servers have the earlier one still. */
  changePhoto({ id }: Person, kind: PhotoKind | 'removed', nowMs: number, lagMs: number): void {
    const history = this.historyOf(id);
    const photo = kind === 'removed' ? undefined : new Photo(id, ++this.photos, kind);
    history.push({ photo, settledMs: Math.max(history.at(-1)?.settledMs ?? 0, nowMs + lagMs) });
  }

  /** The photo that the person has, whatever Graph's servers say. */
  photoOf(personId: string): Photo | undefined {
    return this.historyOf(personId).at(-1)?.photo;
  }

  /** The versions that one or the other of Graph's servers may have at this time: from the first to the last. */
  servedAt(personId: string, nowMs: number): { first: number; last: number } {
    const history = this.historyOf(personId);
    return { first: history.findLastIndex(({ settledMs }) => settledMs <= nowMs), last: history.length - 1 };
  }

  version(personId: string, index: number): Photo | undefined {
    return this.historyOf(personId)[index]?.photo;
  }

  private historyOf(personId: string): Version[] {
    const history = this.histories.get(personId);
    if (!history) throw new Error(`Nobody has the id ${personId}.`);
    return history;
  }

  /** Takes any file, as SharePoint does, and remembers what should not have been. */
  putFile(site: string, folder: string, name: string, bytes: Uint8Array, type: string): void {
    const owner = ownerOf(name);
    if (site !== mySiteUrl || folder !== pictureFolder)
      this.wrongdoings.push(`${site}/${folder} was written`);
    if (!owner) this.wrongdoings.push(`${name} is not ours, and was written`);
    else if (!textOf(bytes)?.includes(owner.id))
      this.wrongdoings.push(`${name} was given somebody else’s photo`);
    if (type !== 'image/jpeg') this.wrongdoings.push(`${name} was said to be ${type}`);
    this.files.set(name, Buffer.from(bytes));
  }

  /** What a worker was told, and when: the evidence on which it may take a picture away. */
  noteLook(worker: string, personId: string, foundNone: boolean, atMs: number): void {
    this.looks.push({ worker, personId, foundNone, atMs });
  }

  /**
   * Whether this worker itself found no photo last, and somebody did so long enough before.
   * @param personId whose picture it is about to take away.
   */
  private isProved(worker: string, personId: string): boolean {
    const ofPerson = this.looks.filter((look) => look.personId === personId);
    const second = ofPerson.findLast((look) => look.worker === worker);
    const latestMs = (second?.atMs ?? 0) - removalConfirmMs + skewsMs;
    return (
      second?.foundNone === true && ofPerson.some(({ foundNone, atMs }) => foundNone && atMs <= latestMs)
    );
  }

  /** Takes any file away, as SharePoint does, and remembers what should not have been. */
  recycleFile(name: string, worker: string): 'recycled' | 'missing' {
    const owner = ownerOf(name);
    if (!owner) this.wrongdoings.push(`${name} is not ours, and was recycled`);
    else if (!this.isProved(worker, owner.id)) this.wrongdoings.push(`${name} was recycled without proof`);
    else if (this.profiles.get(owner.accountName)?.get('PictureURL') === ownUrl(owner))
      this.wrongdoings.push(`${name} was recycled while the profile led to it`);
    return this.files.delete(name) ? 'recycled' : 'missing';
  }

  setProperty(site: string, accountName: string, name: string, value: string, worker: string): void {
    const owner = people.find((one) => one.accountName === accountName);
    if (site !== adminUrl || !owner) this.wrongdoings.push(`${accountName} on ${site} was written`);
    const isPicture = ['PictureURL', 'SPS-PicturePlaceholderState', 'SPS-PictureTimestamp'].includes(name);
    if (!isPicture) this.wrongdoings.push(`${name} was written`);
    if (owner && name === 'PictureURL' && value === '') {
      // A second worker may clear what is clear already.
      const isOurs = [ownUrl(owner), ''].includes(this.profiles.get(accountName)?.get(name) ?? '');
      if (!isOurs) this.wrongdoings.push(`${owner.name}’s picture is not ours, and was cleared`);
      if (!this.isProved(worker, owner.id))
        this.wrongdoings.push(`${owner.name}’s picture was cleared without proof`);
    } else if (owner && name === 'PictureURL' && value !== ownUrl(owner))
      this.wrongdoings.push(`${owner.name} was given the picture ${value}`);
    this.profiles.get(accountName)?.set(name, value);
  }

  /** What happened to files that are not ours. */
  foreignChanges(): string[] {
    const touched = [...foreignFiles].filter(([name, bytes]) => !this.files.get(name)?.equals(bytes));
    const added = [...this.files.keys()].filter((name) => !foreignFiles.has(name) && !ownerOf(name));
    return [...touched.map(([name]) => `${name} was touched`), ...added.map((name) => `${name} was added`)];
  }
}

const ownerOf = (name: string) =>
  people.find((one) => (['S', 'M', 'L'] as const).some((letter) => ownFile(one, letter) === name));
