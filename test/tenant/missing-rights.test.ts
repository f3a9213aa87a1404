import { randomUUID } from 'node:crypto';
import { ServiceFailure } from '../../src/errors';
import { DEFAULT_ROLES } from '../../src/simulator/identity';
import type { Tenant } from '../../src/tenant/open-tenant';
import { openLaboratory, type Laboratory } from '../photos/failing/laboratory';
import type { SimPerson } from '../support/control-api';

/*
 * Each request of the app with a token that lacks exactly the role for it, by the app's own clients, against the
 * simulated tenant: the failure names the role and its resource app.
 */

const group = 'aaaaaaaa-0000-4000-8000-000000000001';
const hidden = 'aaaaaaaa-0000-4000-8000-000000000002';
const { graph } = DEFAULT_ROLES;

let laboratory: Laboratory;
let people: SimPerson[];

beforeAll(async () => {
  laboratory = await openLaboratory({});
  const { control } = laboratory;
  await control.addUsers(14, 'ordinary');
  people = await control.users();
  await control.putGroup(group, { members: [people[0]!.id] });
  await control.putGroup(hidden, { members: [people[0]!.id], hidden: true });
}, 30_000);
afterAll(() => laboratory.end());

interface Roles {
  graph?: string[];
  sharepoint?: string[];
}
interface App {
  tenant: Tenant;
  mySite: string;
  admin: string;
}

/** Settings of an app that has no token yet, and whose tokens will carry these roles. */
async function settingsWith(roles: Roles, settings: Record<string, string> = {}) {
  await laboratory.control.putRoles({ ...DEFAULT_ROLES, ...roles });
  return { AZURE_CLIENT_ID: randomUUID(), ...settings };
}

async function openWith(roles: Roles, settings?: Record<string, string>): Promise<App> {
  const { config, tenant } = laboratory.app(await settingsWith(roles, settings));
  const [{ mySiteUrl: mySite, adminUrl: admin } = { mySiteUrl: '', adminUrl: '' }] = config.geos;
  return { tenant, mySite, admin };
}

async function failureOf(work: Promise<unknown>): Promise<ServiceFailure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ServiceFailure) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

interface Call {
  call: string;
  run: (app: App, person: SimPerson) => Promise<unknown>;
}

const image = 'image/jpeg';
const subscriptionRequest = {
  notificationUrl: 'https://photos.contoso.example/api/notifications',
  lifecycleUrl: 'https://photos.contoso.example/api/lifecycle',
  clientState: 'x',
  expiresAt: new Date('2026-12-20T00:00:00Z'),
};

const ofGraph: Call[] = [
  { call: 'a look', run: ({ tenant }, { id }) => tenant.photos.look(id) },
  {
    call: 'account and pictures',
    run: ({ tenant }, { id }) => tenant.photos.readAccountAndPictures(id, [48]),
  },
  { call: 'the list of people', run: ({ tenant }) => tenant.people.list('') },
  {
    call: 'a sweep’s looks',
    run: ({ tenant }) => tenant.looks.lookAtAll(people.map(({ id }) => id)),
  },
  { call: 'the list of subscriptions', run: ({ tenant }) => tenant.subscriptions.list() },
  { call: 'a new subscription', run: ({ tenant }) => tenant.subscriptions.create(subscriptionRequest) },
  {
    call: 'a renewal',
    run: ({ tenant }) => tenant.subscriptions.renew('a', subscriptionRequest.expiresAt),
  },
  { call: 'the end of a subscription', run: ({ tenant }) => tenant.subscriptions.remove('a') },
];
const ofProfiles: Call[] = [
  { call: 'a profile', run: ({ tenant }, one) => tenant.profiles.readProfile(one.userPrincipalName) },
  {
    call: 'properties',
    run: ({ tenant, admin }) => tenant.profiles.setProperties(admin, 'x', [['PictureURL', '']]),
  },
];
const ofFiles: Call[] = [
  { call: 'the folder', run: ({ tenant, mySite }) => tenant.profiles.pictureFolder(mySite) },
  {
    call: 'a file that is written',
    run: ({ tenant, mySite }) =>
      tenant.profiles.putPicture(mySite, 'Profilbilder', 'a_MThumb.jpg', Buffer.from('a'), image),
  },
  {
    call: 'a file that is read',
    run: ({ tenant, mySite }) => tenant.profiles.readPicture(mySite, 'Profilbilder', 'a_MThumb.jpg'),
  },
];

describe('Without the role, the failure names it and its resource app, and says when a new token comes', () => {
  const rows = [
    ...ofGraph.map((call) => ({
      ...call,
      roles: { graph: ['GroupMember.Read.All'] },
      says: /The application role User\.Read\.All on Microsoft Graph is missing/,
    })),
    ...ofProfiles.map((call) => ({
      ...call,
      roles: { sharepoint: ['Sites.Selected'], graph: [...graph, 'User.ReadWrite.All'] },
      says: /User\.ReadWrite\.All on "Office 365 SharePoint Online" \(not the one of the same name on Microsoft Graph\) is missing/,
    })),
    ...ofFiles.map((call) => ({
      ...call,
      roles: { sharepoint: ['User.ReadWrite.All'] },
      says: /Sites\.Selected on "Office 365 SharePoint Online" \(not the one of the same name on Microsoft Graph\) is missing/,
    })),
  ];

  it.each(rows)('$call', async ({ run, roles, says }) => {
    const { status, message } = await failureOf(run(await openWith(roles), people[0]!));
    expect(status).toBe(403);
    expect(message).toMatch(says);
    expect(message).toMatch(/grant it \("node infra\/grant\.mjs"\).* wait, a new one comes by \d{4}-\S+Z\.$/);
    // What a row and a log line keep of it.
    expect(message.length).toBeLessThan(480);
  });

  it.each([
    { which: 'a property by REST', settings: { PROFILE_WRITE: 'rest' } },
    { which: 'a property on the root site', settings: { PROFILE_HOST: 'root' } },
  ])('$which', async ({ settings }) => {
    const app = await openWith({ sharepoint: ['Sites.Selected'] }, settings);
    const { message } = await failureOf(ofProfiles[1]!.run(app, people[0]!));
    expect(message).toMatch(/User\.ReadWrite\.All on "Office 365 SharePoint Online".* is missing/);
  });

  it.each([
    { who: 'a group', id: group, roles: graph, says: /GroupMember\.Read\.All on Microsoft Graph is missing/ },
    {
      who: 'a group that hides its members',
      id: hidden,
      roles: [...graph, 'GroupMember.Read.All'],
      says: /Member\.Read\.Hidden on Microsoft Graph is missing/,
    },
  ])('$who', async ({ id, roles, says }) => {
    const { tenant } = await openWith({ graph: roles });
    expect(await tenant.groups.readGroup(id)).toMatchObject({ advice: expect.stringMatching(says) });
  });
});

it.each([ofGraph[0]!, ofGraph[4]!, ofProfiles[0]!, ofFiles[0]!])(
  'After the grant, while Azure hands out a token of before, there is nothing to do but wait: $call',
  async ({ run }) => {
    const RIGHTS_GRANTED = new Date(Date.now() + 60_000).toISOString();
    const app = await openWith({ graph: [], sharepoint: [] }, { RIGHTS_GRANTED });
    const { message } = await failureOf(run(app, people[0]!));
    expect(message).toContain(
      `It is granted since ${RIGHTS_GRANTED}, but Azure still hands out the old token: nothing is to be done, expect a new one by `,
    );
    expect(message.length).toBeLessThan(500);
  },
);

describe('With the role', () => {
  it.each(ofFiles)('the permission on the host may be what is missing: $call', async ({ run }) => {
    const app = await openWith({});
    // A host without a permission for the app.
    const { message } = await failureOf(run({ ...app, mySite: app.admin }, people[0]!));
    expect(message).toContain(`SharePoint refuses (${new URL(app.admin).host}, `);
    expect(message).toMatch(
      /What is missing is write permission on the My Site host, which a SharePoint Administrator grants/,
    );
  });

  it('a policy may be what refuses', async () => {
    const { control } = laboratory;
    await control.putFaults([{ service: 'graph', status: 403 }]);
    const { message } = await failureOf(ofGraph[0]!.run(await openWith({}), people[0]!));
    await control.putFaults([]);
    expect(message).toMatch(
      /the token has User\.Read\.All: a policy may forbid it, or the role was taken away/,
    );
  });
});

it('An app that only reports does without a role on SharePoint, and says what it did not look at', async () => {
  const person = people[0]!;
  const own = await settingsWith({ sharepoint: [] }, { SYNC_MODE: 'report' });
  const reporting = laboratory.cell(person, { own });
  await reporting.apply({});
  expect((await reporting.people.read(person.id)).row).toMatchObject({
    plan: 'apply',
    reason: expect.stringMatching(/The profile was not looked at: .*User\.ReadWrite\.All on "Office 365/),
  });
  expect(reporting.queue.sent).toEqual([]);

  const writing = laboratory.cell(person, { own: { ...own, SYNC_MODE: 'apply', SCOPE: '' } });
  await writing.apply({});
  expect(writing.queue.sent).toHaveLength(1);
});
