import { randomUUID } from 'node:crypto';
import { adminRequestMessage } from '../../src/doctor/admin-request';
import { poisonQueueOf, queueNames, tableNames } from '../../src/storage/names';
import { openStorage } from '../../src/storage/open-storage';
import type { RequestRecord } from '../../src/storage/record-table';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';
import { photosync } from '../support/photosync';

/**
 * The doctor, from the admin's request to SharePoint and back, where the app may write nothing before it has passed. The
 * tests follow one another on one tenant. Most ask for it as `photosync doctor` does, without a process of its own.
 */
jest.setTimeout(startMs);

let journey: Journey;
/** Somebody whose photo changes while nothing may be written yet. */
let early: SimPerson;
let written: SimPerson;

beforeAll(async () => {
  journey = await startJourney({
    subscribe: false,
    startHost: false,
    settings: {
      ...{ SYNC_MODE: 'apply', SCOPE: 'everyone', DOCTOR_REQUIRED: 'true' },
      // More runs of the doctor in a minute than any admin makes: none waits for the budget.
      ...{ PEOPLE_MANAGER_LIMIT: '1000000', RESOURCE_UNIT_LIMIT: '1000000' },
    },
    hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' },
  });
  early = await journey.take();
}, startMs);
afterAll(() => journey.stop());

const environment = () => ({ PhotoSyncStorage: journey.tenant.storage.connectionString });

const judged = (record: RequestRecord) => ({
  record,
  failed: record.steps.find(({ outcome }) => outcome === 'failed'),
  steps: record.steps.map(({ step, outcome }) => `${step} ${outcome}`),
});

async function doctor(personId?: string) {
  const { queue, records } = openStorage(environment());
  const id = randomUUID();
  const request = { id, kind: 'doctor', ...(personId !== undefined && { personId }) } as const;
  await queue.sendMessage(queueNames.adminRequest, adminRequestMessage(request));
  return eventually(
    'the doctor is done',
    async () => {
      const { record } = await records.read('doctor', id);
      return record?.finishedAt ? judged(record) : undefined;
    },
    startMs,
  );
}

async function photosyncDoctor(...args: string[]) {
  const told = await photosync(['doctor', '--output', 'json', ...args], environment());
  return { ...told, ...judged(JSON.parse(told.stdout) as RequestRecord) };
}

async function restart(settings: Record<string, string> = {}): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings });
}

const withFault = async <T>(
  fault: Parameters<Journey['control']['addFault']>[0],
  work: () => Promise<T>,
): Promise<T> => {
  const end = await journey.control.addFault(fault);
  try {
    return await work();
  } finally {
    await end();
  }
};

/** SharePoint as it shows everybody, but for the time of the picture, which only ever grows. */
async function everythingShown() {
  const { control } = journey;
  const people = (await control.users()).map(({ id, sharePoint }) => ({
    id,
    ...sharePoint,
    // The real host's name and the local tenant's mean the same.
    pictureUrl: sharePoint?.pictureUrl.replace(/^https:\/\/[^/]+|\?.*/g, ''),
    timestamp: undefined,
  }));
  const files = (await control.files()).map(({ path, sha256 }) => `${path} ${sha256}`);
  return { people, files };
}

let before: Awaited<ReturnType<typeof everythingShown>>;
/** Whatever it found, nothing of it stays. */
const expectNothingStays = async () => {
  expect(await everythingShown()).toEqual(before);
  await journey.audit.filesOfOthers();
};

describe('Before the app may do what it needs', () => {
  beforeAll(async () => {
    before = await everythingShown();
  });

  it('it says that the rights are still to be granted, without asking for a token', async () => {
    await journey.tenant.startHost({ settings: { RIGHTS_GRANTED: 'false' } });
    const { code, failed, stderr } = await photosyncDoctor();
    expect(code).toBe(1);
    expect(failed).toMatchObject({ step: 'settings', detail: expect.stringContaining('RIGHTS_GRANTED') });
    expect(stderr).toContain('The app was asked');
    const asked = (await journey.control.requests()).map(({ path }) => path);
    expect(asked.filter((path) => path.includes('resource='))).toEqual([]);
  });

  it('it names each role that is missing, and whose it is', async () => {
    await journey.control.putRoles({ graph: ['User.Read.All'], sharepoint: ['Sites.Read.All'] });
    await restart();
    const { failed, steps } = await doctor();
    expect(failed).toMatchObject({
      step: 'tokens',
      role: 'User.ReadWrite.All, Sites.Selected',
      resourceApp: 'Office 365 SharePoint Online',
    });
    expect(failed?.detail).toMatch(/a new one comes by \d{4}-/);
    expect(steps).toEqual(['settings ok', 'tokens failed']);
    await journey.control.putRoles({ sharepoint: ['User.ReadWrite.All', 'Sites.Selected'] });
    await restart();
  });

  it('it does not guess a folder', async () => {
    const body = '{"value":[{"Name":"Forms"}]}';
    const onlyForms = {
      service: 'mysite',
      match: 'Folders',
      status: 200,
      contentType: 'application/json',
      body,
    } as const;
    const { failed } = await withFault(onlyForms, () => doctor());
    expect(failed).toMatchObject({ step: 'folder', detail: expect.stringContaining('0 picture folders') });
  });

  it('it names policies of SharePoint where the roles are all there', async () => {
    const refused = { service: 'mysite', match: 'AddUsingPath', status: 403 } as const;
    const { failed } = await withFault(refused, () => doctor());
    expect(failed).toMatchObject({
      step: 'files',
      role: 'Sites.Selected with write permission on the My Site host',
      resourceApp: 'Office 365 SharePoint Online',
    });
    expect(failed?.causes?.join(' ')).toMatch(/write permission.*IPAddressEnforcement.*RestrictedAppAccess/);
    await expectNothingStays();
  });

  it('it takes back the files where the properties are refused', async () => {
    const ErrorInfo = {
      ErrorMessage: 'Property Not Editable: This property can only be modified by an administrator.',
      ErrorTypeName: 'Microsoft.Office.Server.UserProfiles.PropertyNotEditableException',
    };
    const body = JSON.stringify([{ ErrorInfo }]);
    const refused = {
      service: 'admin',
      match: 'ProcessQuery',
      status: 200,
      contentType: 'application/json',
      body,
    } as const;
    const { failed, steps } = await withFault(refused, () => doctor());
    expect(failed).toMatchObject({
      step: 'properties',
      detail: expect.stringContaining('PropertyNotEditable'),
    });
    expect(steps?.slice(-3)).toEqual(['files ok', 'properties failed', 'restore ok']);
    await expectNothingStays();
  });

  it.each([
    { kind: 'no-profile', step: 'profile', detail: /no profile for this person/ },
    { kind: 'reused-upn', step: 'profile', detail: /another account/ },
    { kind: 'no-photo', step: 'person', detail: /no photo in Microsoft 365/ },
    { kind: 'guest', step: 'person', detail: /Guests are left alone/ },
  ] as const)('it says why it can’t be tried with somebody ($kind)', async ({ kind, step, detail }) => {
    const { id } = await journey.take(kind);
    const { failed } = await doctor(id);
    expect(failed).toMatchObject({ step, detail: expect.stringMatching(detail) });
    expect(failed?.detail).toContain('--user');
  });

  it('it waits for nobody who paused the writing', async () => {
    await journey.storage.pause('a rebrand');
    const { failed } = await doctor();
    expect(failed).toMatchObject({ step: 'profile', detail: expect.stringContaining('a rebrand') });
    await journey.storage.resume();
  });

  it('nothing is written, and it is said what to do', async () => {
    const { control, log, audit } = journey;
    await control.putPhoto(early.id, { drawing: 'an early face' });
    const since = log.mark();
    await journey.storage.send({ personId: early.id });
    const decided = await log.next('photo-decided', { personId: early.id }, since);
    expect(decided).toMatchObject({ plan: 'stop', code: 'doctor', written: false });
    expect(decided.reason).toContain('photosync doctor');
    await audit.untouched(early.id);
  });
});

describe('Where everything is as it has to be', () => {
  it('it passes, leaves nothing, and the app begins to write what was left', async () => {
    const { log, audit, control, storage } = journey;
    await control.putVersioning(true);
    before = await everythingShown();
    const { id } = await journey.take();
    const since = log.mark();
    const { code, record, stderr, steps } = await photosyncDoctor('--user', id);
    expect(stderr).toMatch(/ok +restore/);
    expect(record).toMatchObject({ outcome: 'passed', personId: id });
    expect(code).toBe(0);
    expect(steps).toEqual([
      'settings ok',
      'tokens ok',
      'person ok',
      'profile ok',
      'folder ok',
      'versions warning',
      'files ok',
      'properties ok',
      'read-back ok',
      'restore ok',
    ]);
    expect(record.steps[5]?.detail).toContain('keeps versions (up to 500 of a file)');
    await expectNothingStays();
    await audit.untouched(id);
    expect(await storage.person(id)).toMatchObject({
      ...{ dirty: false, trial: '', earlierProperties: '', writingSha256: '' },
    });
    expect(log.all('sweep-started', {}, since)).toHaveLength(1);
    await journey.inSync(early.id);
  });

  it('it writes the same bytes again where SharePoint shows the app’s picture', async () => {
    const { control, storage } = journey;
    await eventually('it is on record', async () => (await storage.person(early.id))?.dirty === false);
    written = await control.user(early.id);
    const rowBefore = await storage.person(early.id);
    const { record, failed } = await doctor(early.id);
    expect(failed).toBeUndefined();
    expect(record.outcome).toBe('passed');
    const after = await control.user(early.id);
    expect(after.sharePoint).toEqual({ ...written.sharePoint, timestamp: expect.any(String) });
    expect(Number(after.sharePoint?.timestamp)).toBeGreaterThan(Number(written.sharePoint?.timestamp));
    const { etag: _, timestamp: __, ...row } = rowBefore!;
    expect(await storage.person(early.id)).toMatchObject(row);
    await journey.audit.person(early.id);
  });

  it('it gives way to a photo that changes meanwhile', async () => {
    const { control, log, storage } = journey;
    const { id } = await journey.take();
    const slow = { service: 'admin', match: 'ProcessQuery', delayMs: 30_000 } as const;
    const hits = async () => (await control.faults())[0]?.hits ?? 0;
    const since = log.mark();
    const asked = await withFault(slow, async () => {
      const running = doctor(id);
      await eventually('the doctor is at work', async () => (await hits()) === 1);
      await control.putPhoto(id, { drawing: 'a face of just now' });
      await storage.send({ personId: id });
      await eventually('so is the writer', async () => (await hits()) > 1);
      return { running };
    });
    await asked.running;
    await log.next('photo-decided', { personId: id, written: true }, since);
    await journey.inSync(id);
    await eventually('it is on record', async () => (await storage.person(id))?.dirty === false);
    expect(await storage.person(id)).toMatchObject({
      trial: '',
      code: expect.stringMatching(/changed|forced|unfinished/),
    });
  });

  it('killed in the middle, it first puts back what was there', async () => {
    const { control, tenant, storage } = journey;
    const { id, sharePoint } = await journey.take('native-pull');
    const hang = await control.addFault({
      service: 'admin',
      match: 'ProcessQuery',
      kind: 'hang',
      after: true,
    });
    const asked = doctor(id);
    await eventually('it is at work', async () => ((await control.faults())[0]?.hits ?? 0) > 0);
    expect((await control.user(id)).sharePoint?.pictureUrl).toContain('m365-');
    await tenant.host?.kill();
    expect((await storage.person(id))?.trial).not.toBe('');
    await hang();
    const last = await control.lastRequest();
    await tenant.startHost();
    expect(await asked).toMatchObject({ failed: undefined, record: { outcome: 'passed' } });
    await journey.audit.untouched(id);
    expect((await control.user(id)).sharePoint).toMatchObject({
      placeholderState: sharePoint?.placeholderState,
      files: sharePoint?.files,
    });
    // Before it wrote anything anew.
    const writes = (await control.requests(last))
      .filter(({ method, path }) => method === 'POST' && /recycle|AddUsingPath/i.test(path))
      .map(({ path }) => (path.includes('recycle') ? 'recycle' : 'write'));
    expect(writes.slice(0, 4)).toEqual(['recycle', 'recycle', 'recycle', 'write']);
  });

  it('paused in the middle, it waits with putting back, and then does', async () => {
    const { control, storage } = journey;
    const { id } = await journey.take();
    // For longer than a process goes by the control rows that it has read.
    const slow = { service: 'admin', match: 'ProcessQuery', delayMs: 2500 } as const;
    const asked = await withFault(slow, async () => {
      const running = photosyncDoctor('--user', id);
      await eventually('it is at work', async () => ((await control.faults())[0]?.hits ?? 0) > 0);
      await storage.pause('a rebrand');
      await eventually('it says what it waits for', async () => {
        for await (const row of storage.table(tableNames.records).listEntities()) {
          if (row.personId === id && String(row.waitingBecause).includes('a rebrand')) return true;
        }
        return false;
      });
      return { running };
    });
    expect(await journey.audit.ownFilesOf(id)).toHaveLength(3);
    await storage.resume();
    const { code, failed, stderr } = await asked.running;
    expect(code).toBe(1);
    expect(failed).toMatchObject({ detail: expect.stringContaining('a rebrand') });
    expect(stderr).toContain('The picture of before is not put back yet');
    await journey.audit.untouched(id);
  });

  it('it passes while the app only reports, and leaves the row as it was', async () => {
    await restart({ SYNC_MODE: 'report' });
    const { id, sharePoint } = await journey.take();
    const { record, steps } = await doctor(id);
    expect(record.outcome).toBe('passed');
    expect(steps[0]).toBe('settings ok');
    expect((await journey.control.user(id)).sharePoint).toMatchObject({ files: sharePoint?.files });
    await journey.audit.untouched(id);
    expect(await journey.storage.person(id)).toMatchObject({ dirty: false, trial: '', settledEtag: '' });
  });

  it('what is no request is reported, and a request that failed for good ends its record', async () => {
    const { log, storage } = journey;
    const poison = storage.queues.getQueueClient(poisonQueueOf(queueNames.adminRequest));
    await poison.createIfNotExists();
    const send = (message: object) =>
      poison.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'));
    const since = log.mark();
    await send({ version: 1, request: { id: 'no id', kind: 'doctor' } });
    const reported = await log.next('request-poisoned', {}, since);
    expect(reported).toMatchObject({ reason: expect.stringContaining('not a request') });
    const id = randomUUID();
    await send(adminRequestMessage({ id, kind: 'doctor' }));
    await log.next('request-poisoned', { requestId: id }, since);
    const { records } = openStorage(environment());
    await eventually(
      'its record is ended',
      async () => (await records.read('doctor', id)).record?.outcome === 'failed',
    );
  });

  it('it tells with exit code 2 what is wrong with what it was asked for, and with 3 what it can’t reach', async () => {
    const wrong = await photosync(['doctor', '--user', 'sam@contoso.com'], environment());
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('no object id') });
    const nowhere = await photosync(['doctor'], {});
    expect(nowhere).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--storage') });
    await journey.tenant.host?.stop();
    const asleep = await photosync(['doctor', '--wait', '1'], environment());
    expect(asleep).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('is it running') });
  });
});
