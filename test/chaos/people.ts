import sharp from 'sharp';
import type { ControlApi, PersonKind, SimPerson } from '../support/control-api';
import type { Random } from '../protocol/random';
import { tinyJpeg } from '../photos/property/tiny-jpeg';

/** A person as the run knows them: by what it did to them itself. */
export interface ChaosPerson {
  id: string;
  kind: PersonKind;
  userPrincipalName: string;
  /** Enabled, and no guest. */
  isInScope: boolean;
  hasPhoto: boolean;
  /** The present photo can't be used: what SharePoint shows stays. */
  isUnusable: boolean;
  /** SharePoint has a profile, and it is not that of somebody who left. */
  hasOwnProfile: boolean;
  /** Somebody put another picture into SharePoint since the photo last changed. */
  byHand: boolean;
}

export interface People {
  control: ControlApi;
  all: ChaosPerson[];
  /** Sign-in names of people who left. */
  freeNames: string[];
  /** How often each kind of change was made. */
  counts: Map<string, number>;
  /** A number of its own for each change, so that nothing is ever the same twice. */
  serial: number;
}

export async function meetPeople(control: ControlApi): Promise<People> {
  const all = (await control.users()).map(toPerson);
  return { control, all, freeNames: [], counts: new Map(), serial: 0 };
}

function toPerson({ id, kind, userPrincipalName, source }: SimPerson): ChaosPerson {
  return {
    id,
    kind,
    userPrincipalName,
    isInScope: kind !== 'guest' && kind !== 'disabled',
    hasPhoto: source !== null,
    isUnusable: false,
    hasOwnProfile: kind !== 'reused-upn' && kind !== 'no-profile',
    byHand: false,
  };
}

type Change = (people: People, person: ChaosPerson, random: Random) => Promise<void>;

/** A picture like no other: what follows the end of a JPEG is not looked at, but counts. */
async function onlyPicture(width: number, height: number, mark: string): Promise<Buffer> {
  const background = { r: width % 256, g: height % 256, b: 120 };
  const jpeg = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return Buffer.concat([jpeg, Buffer.from(mark)]);
}

const settled = { hasPhoto: true, isUnusable: false, byHand: false };
const mayNotify = (random: Random) => ({ notify: random.chance(0.5) });

const changes: Record<string, { weight: number; make: Change }> = {
  'photo changed': {
    weight: 40,
    async make({ control, serial }, person, random) {
      Object.assign(person, settled);
      await control.putPhoto(person.id, { drawing: `face ${String(serial)}`, ...mayNotify(random) });
    },
  },
  'photo of another kind': {
    weight: 6,
    async make({ control, serial }, person, random) {
      Object.assign(person, settled);
      const [width, height] = [300 + random.below(300), 301 + random.below(300)];
      const raw = await onlyPicture(width, height, `${person.id} ${String(serial)}`);
      await control.putPhoto(person.id, { raw, width, height, ...mayNotify(random) });
    },
  },
  'photo that is none': {
    weight: 1,
    async make({ control, serial }, person, random) {
      Object.assign(person, settled, { isUnusable: true });
      const raw = Buffer.from(`<html>${String(serial)}</html>`);
      await control.putPhoto(person.id, { raw, ...mayNotify(random) });
    },
  },
  'photo removed': {
    weight: 10,
    async make({ control }, person, random) {
      Object.assign(person, settled, { hasPhoto: false });
      await control.deletePhoto(person.id, mayNotify(random));
    },
  },
  'photo removed and another put in': {
    weight: 4,
    async make({ control, serial }, person, random) {
      Object.assign(person, settled);
      await control.deletePhoto(person.id, mayNotify(random));
      await control.putPhoto(person.id, { drawing: `again ${String(serial)}`, ...mayNotify(random) });
    },
  },
  'job title changed': {
    weight: 20,
    async make({ control, serial }, { id }) {
      await control.patchUser(id, { jobTitle: `Job ${String(serial)}` });
    },
  },
  'account disabled or enabled': {
    weight: 3,
    async make({ control }, person) {
      if (person.kind === 'guest') return;
      person.isInScope = !person.isInScope;
      await control.patchUser(person.id, { accountEnabled: person.isInScope });
    },
  },
  'sign-in name changed': {
    weight: 3,
    async make({ control, serial }, person) {
      const userPrincipalName = `renamed.${String(serial)}@contoso.com`;
      await control.patchUser(person.id, { userPrincipalName });
      person.userPrincipalName = userPrincipalName;
    },
  },
  'person left': {
    weight: 1,
    async make(people, person) {
      people.all.splice(people.all.indexOf(person), 1);
      if (person.hasOwnProfile) people.freeNames.push(person.userPrincipalName);
      await people.control.deleteUser(person.id);
    },
  },
  'person came': {
    weight: 1,
    async make({ control, all }, _person, random) {
      const kinds = ['ordinary', 'ordinary', 'no-mailbox', 'no-photo', 'no-profile'] as const;
      const [added] = await control.addUsers(1, kinds[random.below(kinds.length)]!);
      all.push(toPerson(added!));
    },
  },
  "person came with a leaver's sign-in name": {
    weight: 1,
    async make({ control, all, freeNames }) {
      const userPrincipalName = freeNames.shift();
      if (userPrincipalName === undefined) return;
      const [added] = await control.addUsers(1, 'no-profile');
      await control.patchUser(added!.id, { userPrincipalName });
      all.push({ ...toPerson(added!), userPrincipalName });
    },
  },
  'another picture put in by hand': {
    weight: 2,
    async make({ control, serial }, person) {
      if (!person.hasOwnProfile) return;
      person.byHand = true;
      const path = `/User Photos/Profilbilder/by-hand-${String(serial)}`;
      for (const letter of ['S', 'M', 'L']) {
        const bytes = tinyJpeg(96, 96, `by hand ${letter} ${String(serial)}`);
        await control.putFile(`${path}_${letter}Thumb.jpg`, bytes, 'sharepoint');
      }
      const pictureUrl = `https://contoso-my.sharepoint.com:443${encodeURI(path)}_MThumb.jpg`;
      await control.patchProfile(person.id, { pictureUrl, placeholderState: '0' });
    },
  },
  'visit to SharePoint, which pulls the photo by itself': {
    weight: 6,
    async make({ control }, { id, isUnusable }, random) {
      if (isUnusable) return;
      await control.visit(id, { force: random.chance(0.5) });
    },
  },
};

const kinds = Object.keys(changes);
const totalWeight = Object.values(changes).reduce((sum, { weight }) => sum + weight, 0);

/** One change of one person, whatever comes. */
export async function changeSomething(people: People, random: Random): Promise<void> {
  people.serial++;
  let at = random.below(totalWeight);
  const kind = kinds.find((name) => (at -= changes[name]!.weight) < 0)!;
  // A tenth of the people get most of the changes, so that changes of one person meet.
  const { length } = people.all;
  const person =
    people.all[random.chance(0.5) ? random.below(Math.ceil(length / 10)) : random.below(length)]!;
  people.counts.set(kind, (people.counts.get(kind) ?? 0) + 1);
  await changes[kind]!.make(people, person, random);
}
