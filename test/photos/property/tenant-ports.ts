import { ServiceFailure } from '../../../src/errors';
import type { Pictures, PhotoSource } from '../../../src/tenant/graph';
import type { Account } from '../../../src/tenant/graph-answers';
import type { ProfileStore } from '../../../src/tenant/sharepoint';
import type { Worker } from './hazards';
import type { World } from './ports';
import { mySiteUrl, people, pictureFolder } from './tenant';
import { textOf } from './tiny-jpeg';

export function photosOf({ hazards, tenant, timeline, random }: World, worker: Worker): PhotoSource {
  const ask = <T>(what: string, work: () => T) => hazards.perform(worker, { service: 'Graph', what }, work);
  let looked = 0;
  /** By one of Graph's servers, which may be behind, but serves nothing older than a look has told before. */
  const served = (personId: string, atLeast: number) => {
    const { first, last } = tenant.servedAt(personId, timeline.monotonicMs());
    const oldest = Math.max(first, atLeast);
    return oldest + random.below(last - oldest + 1);
  };
  return {
    look: (personId) =>
      ask('looks', () => {
        looked = served(personId, 0);
        const photo = tenant.version(personId, looked);
        tenant.noteLook(worker.name, personId, photo === undefined, timeline.monotonicMs());
        hazards.note('  Graph has', photo?.etag ?? 'none');
        const at = timeline.serverTime();
        if (!photo)
          return { kind: 'none', at, sure: true, code: 'ImageNotFound', account: accountOf(personId) };
        return { kind: 'photo', at, etag: photo.etag, width: photo.width, height: photo.height };
      }),
    // Graph carries out the parts of a batch one by one, so that each may find another photo.
    readAccountAndPictures: async (personId, sizes) => {
      const account = await ask('reads the account', () => accountOf(personId));
      const pictures: Pictures = new Map();
      for (const size of new Set(sizes)) {
        const read = () => tenant.version(personId, served(personId, looked))?.rendition(size);
        const picture = await ask(`reads the picture ${String(size)}`, read);
        if (!picture) throw new ServiceFailure('Graph', 'Graph gives no picture (404).', { status: 404 });
        pictures.set(size, picture);
      }
      return { account, pictures };
    },
  };
}

export function profilesOf({ hazards, tenant, timeline }: World, worker: Worker): ProfileStore {
  const ask = async <T>(before: (() => Promise<void>) | undefined, what: string, work: () => T) => {
    await before?.();
    return hazards.perform(worker, { service: 'SharePoint', what }, work);
  };
  return {
    readProfile: (userPrincipalName, before) =>
      ask(before, 'reads the profile', () => {
        const owner = people.find((one) => one.userPrincipalName === userPrincipalName);
        const properties = owner && tenant.profiles.get(owner.accountName);
        if (!owner || !properties || hazards.holds('no profile')) return undefined;
        return {
          accountName: owner.accountName,
          personalSiteHostUrl: `${mySiteUrl}:443/`,
          properties: new Map(properties),
          readAt: timeline.serverTime(),
        };
      }),
    pictureFolder: (_site, before) => ask(before, 'looks for the folder', () => pictureFolder),
    putPicture: (site, folder, name, bytes, type, before) =>
      ask(before, `puts ${textOf(bytes) ?? 'bytes'} as ${name}`, () =>
        tenant.putFile(site, folder, name, bytes, type),
      ),
    readPicture: (_site, _folder, name, before) => ask(before, `reads ${name}`, () => tenant.files.get(name)),
    readPictureAt: (_site, path, before) =>
      ask(before, `reads ${path}`, () => tenant.files.get(path.slice(path.lastIndexOf('/') + 1))),
    recyclePicture: (_site, _folder, name, before) =>
      ask(before, `recycles ${name}`, () => tenant.recycleFile(name, worker.name)),
    // One request each, as PROFILE_WRITE=rest does it: others may come in between.
    setProperties: async (site, accountName, changes, before) => {
      for (const [name, value] of changes) {
        const isGone = await ask(before, `sets ${name}`, () => {
          if (hazards.holds('no profile')) return true;
          tenant.setProperty(site, accountName, name, value, worker.name);
          return false;
        });
        if (isGone) return 'no-profile';
      }
      return 'set';
    },
  };
}

function accountOf(personId: string): Account {
  const { id, userPrincipalName } = personOf(personId);
  return { id, userPrincipalName, userType: 'Member', accountEnabled: true };
}

function personOf(personId: string) {
  const found = people.find(({ id }) => id === personId);
  if (!found) throw new Error(`Nobody has the id ${personId}.`);
  return found;
}
