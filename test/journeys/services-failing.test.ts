import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  eventually,
  startJourney,
  startMs,
  type AppLine,
  type Journey,
  type ServiceFault,
  type SimPerson,
} from '../support/journey';

/*
 * A service refuses, fails, dawdles or breaks off while a photo is brought over. Whatever it is, the event comes back
 * later without having cost one of the queue's tries, and in the end SharePoint shows the photo.
 */

let journey: Journey;
/** Where a redirect leads: nobody may ever come here. */
let elsewhere: Server & { visits: number };
let elsewhereUrl: string;

beforeAll(async () => {
  elsewhere = Object.assign(createServer(), { visits: 0 });
  elsewhere.on('request', (_request, response) => {
    elsewhere.visits++;
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  elsewhereUrl = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}/`;
  journey = await startJourney({
    settings: { REQUEST_TIMEOUT_SECONDS: '2', RETRY_SECONDS: '1' },
    hostEnv: { LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '1' },
  });
}, startMs);

afterAll(async () => {
  await journey.stop();
  await new Promise((resolve) => elsewhere.close(resolve));
});

type Place = Pick<ServiceFault, 'service' | 'match'>;

const look = ({ id }: SimPerson): Place => ({ service: 'graph', match: `/users/${id}/photo$` });
const picture = ({ id }: SimPerson): Place => ({ service: 'graph', match: `/users/${id}/photos/96x96/` });
const profile = ({ userPrincipalName }: SimPerson): Place => ({
  service: 'admin',
  match: `GetPropertiesFor.*${userPrincipalName.replace('@', '%40')}`,
});
const file =
  (letter: 'S' | 'M' | 'L') =>
  ({ id }: SimPerson): Place => ({ service: 'mysite', match: `m365-${id}_${letter}Thumb` });
/** Names nobody, so those who meet it come one after the other. */
const properties = (): Place => ({ service: 'admin', match: 'ProcessQuery$' });

interface Failure {
  when: string;
  at: (person: SimPerson) => Place;
  fault: Omit<ServiceFault, 'service' | 'match'>;
  /** How the app explains it. */
  then: { service: 'Graph' | 'SharePoint'; status?: number; reason: RegExp };
}

/** The person's photo changes while the service fails. The service recovers after `tries` and what `meanwhile` checks. */
async function changeWhileFailing(
  { at, fault }: Pick<Failure, 'at' | 'fault'>,
  { tries = 1, meanwhile }: { tries?: number; meanwhile?: (person: SimPerson) => Promise<void> } = {},
): Promise<{ person: SimPerson; retry: AppLine; decided: AppLine }> {
  const { control, log } = journey;
  const person = await journey.take();
  const since = log.mark();
  const recover = await control.addFault({ ...at(person), ...fault });
  await control.putPhoto(person.id, { drawing: 'a new face' });
  let retry: AppLine;
  try {
    retry = await log.next('photo-retry', { personId: person.id, attempt: tries }, since);
    await meanwhile?.(person);
  } finally {
    await recover();
  }
  await journey.inSync(person.id);
  const decided = await log.next('photo-decided', { personId: person.id, written: true }, since);
  return { person, retry, decided };
}

/** The queue's tries are for the app's own mistakes; somebody else's failure costs none. */
async function expectNoTrySpent({ person, retry, decided }: Awaited<ReturnType<typeof changeWhileFailing>>) {
  const started = journey.log.all('photo-decided', { personId: person.id, written: true });
  expect(started).toHaveLength(1);
  expect(decided).toMatchObject({
    dequeueCount: 1,
    cause: 'retry',
    plan: 'apply',
    correlationId: retry.correlationId,
  });
  expect(await journey.storage.person(person.id)).toMatchObject({ dirty: false, failure: '' });
}

/** The row says so itself, so that whoever comes next writes again. */
async function expectUnfinished(id: string) {
  const row = await journey.storage.person(id);
  expect(row?.dirty).toBe(true);
  expect(row).not.toHaveProperty('appliedEtag');
}

const graph = (reason: RegExp, status?: number): Failure['then'] => ({
  service: 'Graph',
  reason,
  ...(status !== undefined && { status }),
});
const sharePoint = (reason: RegExp, status?: number): Failure['then'] => ({
  ...graph(reason, status),
  service: 'SharePoint',
});

const failures: Failure[] = [
  // First, so that the queue's batch of four waits for them together.
  { when: 'Graph does not answer', at: look, fault: { kind: 'hang' }, then: graph(/not answer in time/) },
  {
    when: 'SharePoint does not answer',
    ...{ at: profile, fault: { kind: 'hang' } },
    then: sharePoint(/not answer in time/),
  },
  {
    when: 'matrix 22: SharePoint does not answer after it stored a file',
    ...{ at: file('M'), fault: { kind: 'hang', after: true } },
    then: sharePoint(/not answer in time/),
  },
  { when: 'Graph is down', at: look, fault: { status: 503 }, then: graph(/not well/, 503) },
  { when: 'a part of a batch fails', at: picture, fault: { status: 504 }, then: graph(/not well/, 504) },
  { when: 'Graph cuts the connection', at: look, fault: { kind: 'reset' }, then: graph(/not be reached/) },
  {
    when: 'Graph breaks off its answer',
    at: look,
    fault: { kind: 'truncate' },
    then: graph(/not be reached/),
  },
  {
    when: 'matrix 28: Graph takes the token for expired',
    ...{ at: look, fault: { status: 401 } },
    then: graph(/did not accept the token/, 401),
  },
  {
    when: 'Graph says that a right is missing',
    ...{ at: look, fault: { status: 403 } },
    then: graph(/application role User\.Read\.All on Microsoft Graph/, 403),
  },
  { when: 'SharePoint is down', at: profile, fault: { status: 503 }, then: sharePoint(/not well/, 503) },
  {
    when: 'SharePoint cuts the connection',
    ...{ at: file('S'), fault: { kind: 'reset' } },
    then: sharePoint(/not be reached/),
  },
  {
    when: 'SharePoint breaks off its answer',
    ...{ at: profile, fault: { kind: 'truncate' } },
    then: sharePoint(/not be reached/),
  },
  {
    when: 'matrix 28: SharePoint takes the token for expired',
    ...{ at: profile, fault: { status: 401 } },
    then: sharePoint(/did not accept the token/, 401),
  },
  {
    when: 'SharePoint says that a right is missing',
    ...{ at: file('S'), fault: { status: 403 } },
    then: sharePoint(/application role User\.ReadWrite\.All on "Office 365 SharePoint Online"/, 403),
  },
  {
    when: 'matrix 22: SharePoint fails after it stored a file',
    ...{ at: file('M'), fault: { status: 500, after: true } },
    then: sharePoint(/not well/, 500),
  },
];

describe('the event comes back, and the photo arrives, when', () => {
  it.concurrent.each(failures)('$when', async ({ at, fault, then }) => {
    const outcome = await changeWhileFailing({ at, fault });
    const { reason, ...fields } = then;
    expect(outcome.retry).toMatchObject(fields);
    expect(outcome.retry.reason).toMatch(reason);
    await expectNoTrySpent(outcome);
    // Kept beside the row, for whoever asks why it took so long.
    expect((await journey.storage.look(outcome.person.id))?.failure).toBe(outcome.retry.reason);
  });

  it.concurrent('SharePoint stays down for two tries', async () => {
    const outcome = await changeWhileFailing({ at: profile, fault: { status: 503 } }, { tries: 2 });
    await expectNoTrySpent(outcome);
    expect(outcome.decided.attempt).toBe(2);
    const delays = journey.log
      .all('photo-retry', { personId: outcome.person.id })
      .map(({ delaySeconds }) => delaySeconds);
    // RETRY_SECONDS=1, a share later and in whole seconds.
    expect(delays).toEqual([2, 2]);
  });

  it.concurrent('matrix 23: two of the three files are written, and the third fails', async () => {
    const outcome = await changeWhileFailing(
      { at: file('L'), fault: { status: 500 } },
      {
        meanwhile: async ({ id }) => {
          const names = (await journey.audit.ownFilesOf(id)).map(({ path }) => path.slice(-11));
          expect(names.sort()).toEqual(['_MThumb.jpg', '_SThumb.jpg']);
          await expectUnfinished(id);
          // The address comes last, so nobody is sent to half a set.
          expect((await journey.control.user(id)).sharePoint?.pictureUrl).not.toContain('m365-');
        },
      },
    );
    expect(outcome.decided.code).toBe('unfinished');
    await expectNoTrySpent(outcome);
  });

  it.concurrent.each([
    { service: 'Graph', at: look },
    { service: 'SharePoint', at: profile },
  ] as const)('$service answers with a redirect, which is not followed', async ({ service, at }) => {
    const outcome = await changeWhileFailing({ at, fault: { kind: 'redirect', to: elsewhereUrl } });
    expect(outcome.retry).toMatchObject({ service, status: 302 });
    expect(outcome.retry.reason).toMatch(/redirect/);
    await expectNoTrySpent(outcome);
    expect(elsewhere.visits).toBe(0);
  });

  it.concurrent.each([
    { place: 'Graph', how: 'seconds', at: look, service: 'Graph' },
    { place: 'Graph', how: 'a date', at: look, service: 'Graph' },
    { place: 'a part of a batch', how: 'seconds', at: picture, service: 'Graph' },
    { place: 'SharePoint', how: 'seconds', at: profile, service: 'SharePoint' },
    { place: 'SharePoint', how: 'a date', at: file('M'), service: 'SharePoint' },
  ] as const)('matrix 20: $place is throttled and says until when in $how', async ({ how, at, service }) => {
    const waitSeconds = 3;
    const fault = { status: 429, retryAfterSeconds: waitSeconds, retryAfterDate: how === 'a date' };
    const outcome = await changeWhileFailing({ at, fault });
    expect(outcome.retry).toMatchObject({ service, status: 429 });
    // A date is in whole seconds, so it may stand for up to a second less.
    const least = how === 'a date' ? waitSeconds - 1 : waitSeconds;
    expect(outcome.retry.delaySeconds).toBeGreaterThanOrEqual(least);
    expect(outcome.retry.delaySeconds).toBeLessThanOrEqual(waitSeconds + 1);
    await expectNoTrySpent(outcome);
    const waited = Date.parse(outcome.decided.time) - Date.parse(outcome.retry.time);
    expect(waited).toBeGreaterThanOrEqual((least - 1) * 1000);
    expect(await triesBetween(outcome)).toBe(0);
  });
});

/** Looks at the person that were made while the event was to wait. */
async function triesBetween({ person, retry }: Awaited<ReturnType<typeof changeWhileFailing>>) {
  const from = Date.parse(retry.time);
  const until = from + (Number(retry.delaySeconds) - 1) * 1000;
  return (await journey.control.requests()).filter(({ path, time }) => {
    const at = Date.parse(time);
    return path.includes(person.id) && at > from + 200 && at < until;
  }).length;
}

describe('the setting of the properties', () => {
  const failsWith = (ErrorTypeName: string, ErrorMessage: string) =>
    JSON.stringify([
      { SchemaVersion: '15.0.0.0', ErrorInfo: { ErrorMessage, ErrorTypeName, ErrorCode: -2147024891 } },
    ]);

  it.each([
    {
      when: 'matrix 24: is refused in an answer with status 200',
      fault: { body: failsWith('System.UnauthorizedAccessException', 'Access denied.') },
      then: /application role User\.ReadWrite\.All on "Office 365 SharePoint Online"/,
    },
    {
      when: 'matrix 22: fails after they were stored',
      fault: { status: 500, after: true },
      then: /not well/,
    },
    {
      when: 'matrix 22: does not answer after they were stored',
      fault: { kind: 'hang', after: true } as const,
      then: /not answer in time/,
    },
  ])('$when', async ({ fault, then }) => {
    const outcome = await changeWhileFailing(
      { at: properties, fault },
      {
        meanwhile: ({ id }) => expectUnfinished(id),
      },
    );
    expect(outcome.retry.reason).toMatch(then);
    await expectNoTrySpent(outcome);
  });

  it('matrix 24: spends a try, and is done again, when it is refused with what the app does not know', async () => {
    const { control, log } = journey;
    const { id } = await journey.take();
    const body = failsWith('System.InvalidOperationException', 'Something else.');
    const recover = await control.addFault({ ...properties(), body });
    await control.putPhoto(id, { drawing: 'a new face' });
    await eventually('the run has failed', () =>
      log.saidByHost(/properties: System\.InvalidOperationException/),
    );
    await recover();
    await journey.inSync(id);
    expect(await log.next('photo-decided', { personId: id, written: true })).toMatchObject({
      dequeueCount: 2,
      code: 'unfinished',
    });
  });
});

it('matrix 28: costs no try when the identity endpoint does not answer, and then fails', async () => {
  const { control, log, storage, tenant } = journey;
  await storage.drained();
  await tenant.host!.stop();
  // A new process has no token yet.
  await tenant.startHost();
  const person = await journey.take();
  const { id: personId } = person;
  const answer = await control.addFault({ service: 'identity', kind: 'hang' });
  await control.putPhoto(personId, { drawing: 'a new face' });
  const late = await log.next('photo-retry', { personId, service: 'identity', attempt: 1 });
  expect(late.reason).toMatch(/endpoint did not answer in time/);

  const recover = await control.addFault({ service: 'identity', status: 500 });
  await answer();
  const retry = await log.next('photo-retry', { personId, service: 'identity', attempt: 2 });
  expect(retry.reason).toMatch(/No token from the managed identity endpoint/);

  await recover();
  await journey.inSync(personId);
  const decided = await log.next('photo-decided', { personId, written: true });
  await expectNoTrySpent({ person, retry, decided });
});

it('says nothing that is secret or personal in any of this', async () => {
  const said = journey.log.everything.map(({ message }) => message).join('\n');
  expect(said).not.toMatch(/Bearer|eyJ[A-Za-z0-9_-]{10}|clientState|AccountKey/);
  for (const { userPrincipalName } of await journey.control.users()) {
    expect(said).not.toContain(userPrincipalName);
  }
  expect(await journey.storage.poisoned()).toBe(0);
});
