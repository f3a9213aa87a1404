import { eventually, startJourney, startMs, type Journey } from '../support/journey';

/** A tenant whose people live in two geos, each with a My Site host, an admin site and a language of its own. */

const furtherGeo = 'https://contosoapac-my.sharepoint.com:443/';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({
    simulatorEnv: { SIM_GEO: 'on', SIM_GEO_MYSITE_PORT: '0', SIM_GEO_ADMIN_PORT: '0' },
  });
}, startMs);
afterAll(() => journey.stop());

/** Somebody who lives in the further geo. */
async function takeFromAfar(): Promise<string> {
  const { id } = await journey.take();
  await journey.control.patchProfile(id, { personalSiteHostUrl: furtherGeo, pictureUrl: '' });
  return id;
}

async function decisionOn(id: string) {
  const since = journey.log.mark();
  await journey.storage.send({ personId: id, cause: 'retry' });
  return journey.log.next('photo-decided', { personId: id }, since);
}

const filesOf = async (id: string) =>
  (await journey.audit.ownFilesOf(id)).map(({ host, path }) => `${host} ${path}`).sort();

const sharePointRequests = async (since: number) =>
  (await journey.requestsSince(since))
    .filter(({ service }) => service !== 'graph' && service !== 'identity')
    .map(({ service, method }) => `${method} ${service}`);

it('Somebody gets the picture in the geo they live in, and nothing in the other', async () => {
  const { control, tenant } = journey;
  const id = await takeFromAfar();
  const before = await control.lastRequest();
  await control.putPhoto(id, { drawing: 'a face from afar' });
  const person = await eventually('the picture is there', async () => {
    const now = await control.user(id);
    return now.inSync && now.sharePoint?.pictureUrl.includes(id) ? now : undefined;
  });
  expect(new URL(person.sharePoint!.pictureUrl).origin).toBe(tenant.geo!.mySiteUrl);
  const folder = `geo-mysite /User Photos/Photos de profil/m365-${id}`;
  expect(await filesOf(id)).toEqual(['L', 'M', 'S'].map((letter) => `${folder}_${letter}Thumb.jpg`));
  expect(await sharePointRequests(before)).toEqual([
    'GET admin',
    'GET geo-mysite',
    'POST geo-mysite',
    'POST geo-mysite',
    'POST geo-mysite',
    'POST geo-admin',
  ]);
});

it('Somebody of the tenant’s own geo is written there, by the same app', async () => {
  const { id } = await journey.take();
  await journey.control.putPhoto(id, { drawing: 'a face from here' });
  await journey.inSync(id);
  expect(new Set((await filesOf(id)).map((file) => file.split(' ')[0]))).toEqual(new Set(['mysite']));
});

it('A folder that gets a name in another language is found again, and nothing stays under the former', async () => {
  const { control, log } = journey;
  const { id } = await journey.take();
  await control.putPhoto(id, { drawing: 'before' });
  await journey.inSync(id);
  await control.renameFolder('Fotos de perfil');
  const since = log.mark();
  await control.putPhoto(id, { drawing: 'after' });
  await eventually('the picture is shown from there', async () => {
    const { inSync, sharePoint } = await control.user(id);
    return inSync && decodeURIComponent(sharePoint!.pictureUrl).includes('/Fotos de perfil/');
  });
  await log.next('photo-decided', { personId: id, written: true }, since);
  // The folder's name was known, and with it the first file was refused: one event came back, and no try was used up.
  expect(log.all('photo-retry', { personId: id }, since)).toHaveLength(1);
  const folder = `mysite /User Photos/Fotos de perfil/m365-${id}`;
  expect(await filesOf(id)).toEqual(['L', 'M', 'S'].map((letter) => `${folder}_${letter}Thumb.jpg`));
  expect((await control.files()).filter(({ path }) => path.includes('/Profilbilder/'))).toEqual([]);
  expect(await journey.storage.poisoned()).toBe(0);
});

describe('A geo that the settings do not list', () => {
  let id: string;

  beforeAll(async () => {
    await journey.tenant.host!.stop();
    await journey.tenant.startHost({ settings: { SHAREPOINT_GEOS: '' } });
    id = await takeFromAfar();
  }, startMs);

  it('defers its people, with a reason that names the setting, after the profile was read', async () => {
    const before = await journey.control.lastRequest();
    await journey.control.putPhoto(id, { drawing: 'a face from afar', notify: false });
    expect(await decisionOn(id)).toMatchObject({
      plan: 'defer',
      code: 'unknown-geo',
      reason: expect.stringMatching(/SHAREPOINT_GEOS/),
    });
    expect(await sharePointRequests(before)).toEqual(['GET admin']);
    expect(await journey.storage.person(id)).toMatchObject({ dirty: false, nextLookAt: expect.any(String) });
    expect(await filesOf(id)).toEqual([]);
  });

  it('costs no call to SharePoint when a person is heard of again before they are due', async () => {
    const { storage, control } = journey;
    const due = (await storage.person(id))?.nextLookAt;
    const before = await control.lastRequest();
    expect(await decisionOn(id)).toMatchObject({ plan: 'defer', code: 'unknown-geo' });
    expect(await sharePointRequests(before)).toEqual([]);
    expect(await storage.person(id)).toMatchObject({ code: 'unknown-geo', nextLookAt: due });
  });

  it(
    'is written once it is listed',
    async () => {
      await journey.tenant.host!.stop();
      await journey.tenant.startHost();
      await journey.control.putPhoto(id, { drawing: 'another face from afar' });
      await eventually('the picture is there', async () => {
        const { inSync, sharePoint } = await journey.control.user(id);
        return inSync && sharePoint?.pictureUrl.startsWith(journey.tenant.geo!.mySiteUrl);
      });
    },
    startMs,
  );
});
