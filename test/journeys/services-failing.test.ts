import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  at,
  changeWhileFailing,
  expectNoTrySpent,
  type Failing,
  type FailingOutcome,
} from '../support/change-while-failing';
import { startJourney, startMs, type AppLine, type Journey } from '../support/journey';

/*
 * A service refuses, fails, dawdles or breaks off while a photo is brought over. Whatever it is, the event comes back
 * later without having cost one of the queue's tries, and in the end SharePoint shows the photo.
 */

let journey: Journey;
/** Where a redirect leads: nobody may ever come here. */
let elsewhere: Server & { visits: number };
let elsewhereUrl: string;
/** What became of the first photo, for which the app had no token for SharePoint yet. */
let withoutToken: FailingOutcome & { late: AppLine };

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
  });
  withoutToken = await changeWithoutToken();
}, startMs);

afterAll(async () => {
  await journey.stop();
  await new Promise((resolve) => elsewhere.close(resolve));
});

interface Failure extends Failing {
  when: string;
  /** How the app explains it. */
  then: { service: 'Graph' | 'SharePoint'; status?: number; reason: RegExp };
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
  { when: 'Graph does not answer', at: at.look, fault: { kind: 'hang' }, then: graph(/not answer in time/) },
  {
    when: 'SharePoint does not answer',
    at: at.profile,
    fault: { kind: 'hang' },
    then: sharePoint(/not answer in time/),
  },
  { when: 'Graph is down', at: at.look, fault: { status: 503 }, then: graph(/not well/, 503) },
  { when: 'a part of a batch fails', at: at.picture, fault: { status: 504 }, then: graph(/not well/, 504) },
  { when: 'Graph cuts the connection', at: at.look, fault: { kind: 'reset' }, then: graph(/not be reached/) },
  {
    when: 'Graph breaks off its answer',
    at: at.look,
    fault: { kind: 'truncate' },
    then: graph(/not be reached/),
  },
  {
    when: 'matrix 28: Graph takes the token for expired',
    at: at.look,
    fault: { status: 401 },
    then: graph(/did not accept the token/, 401),
  },
  {
    when: 'Graph says that a right is missing',
    at: at.look,
    fault: { status: 403 },
    then: graph(/application role User\.Read\.All on Microsoft Graph/, 403),
  },
  { when: 'SharePoint is down', at: at.profile, fault: { status: 503 }, then: sharePoint(/not well/, 503) },
  {
    when: 'SharePoint cuts the connection',
    at: at.file('S'),
    fault: { kind: 'reset' },
    then: sharePoint(/not be reached/),
  },
  {
    when: 'SharePoint breaks off its answer',
    at: at.profile,
    fault: { kind: 'truncate' },
    then: sharePoint(/not be reached/),
  },
  {
    when: 'matrix 28: SharePoint takes the token for expired',
    at: at.profile,
    fault: { status: 401 },
    then: sharePoint(/did not accept the token/, 401),
  },
  {
    when: 'SharePoint says that a right is missing',
    at: at.file('S'),
    fault: { status: 403 },
    then: sharePoint(/What is missing is write permission on the My Site host/, 403),
  },
];

describe('the event comes back, and the photo arrives, when', () => {
  it.concurrent.each(failures)('$when', async ({ then, ...failing }) => {
    const outcome = await changeWhileFailing(journey, failing);
    const { reason, ...fields } = then;
    expect(outcome.retry).toMatchObject(fields);
    expect(outcome.retry.reason).toMatch(reason);
    await expectNoTrySpent(journey, outcome);
    // Kept beside the row, for whoever asks why it took so long.
    expect((await journey.storage.look(outcome.person.id))?.failure).toBe(outcome.retry.reason);
  });

  it.concurrent('SharePoint stays down for two tries', async () => {
    const outcome = await changeWhileFailing(
      journey,
      { at: at.profile, fault: { status: 503 } },
      { tries: 2 },
    );
    await expectNoTrySpent(journey, outcome);
    expect(outcome.decided.attempt).toBe(2);
    const delays = journey.log
      .all('photo-retry', { personId: outcome.person.id })
      .map(({ delaySeconds }) => delaySeconds);
    // RETRY_SECONDS=1, a share later and in whole seconds.
    expect(delays).toEqual([2, 2]);
  });

  it.concurrent.each([
    { service: 'Graph', at: at.look },
    { service: 'SharePoint', at: at.profile },
  ] as const)('$service answers with a redirect, which is not followed', async ({ service, at }) => {
    const outcome = await changeWhileFailing(journey, { at, fault: { kind: 'redirect', to: elsewhereUrl } });
    expect(outcome.retry).toMatchObject({ service, status: 302 });
    expect(outcome.retry.reason).toMatch(/redirect/);
    await expectNoTrySpent(journey, outcome);
    expect(elsewhere.visits).toBe(0);
  });

  it.concurrent.each([
    { place: 'Graph', how: 'seconds', at: at.look },
    { place: 'Graph', how: 'a date', at: at.look },
    { place: 'a part of a batch', how: 'seconds', at: at.picture },
  ] as const)('matrix 20: $place is throttled and says until when in $how', ({ how, at }) =>
    waitsAsAsked('Graph', how, at),
  );
});

// One after the other and after all others: what SharePoint asks for holds up everybody.
it.each([
  { how: 'seconds', at: at.profile },
  { how: 'a date', at: at.file('M') },
] as const)('matrix 20: SharePoint is throttled and says until when in $how', ({ how, at }) =>
  waitsAsAsked('SharePoint', how, at),
);

async function waitsAsAsked(
  service: 'Graph' | 'SharePoint',
  how: 'seconds' | 'a date',
  at: Failing['at'],
): Promise<void> {
  const waitSeconds = 3;
  const fault = { status: 429, retryAfterSeconds: waitSeconds, retryAfterDate: how === 'a date' };
  const outcome = await changeWhileFailing(journey, { at, fault });
  expect(outcome.retry).toMatchObject({ service, status: 429 });
  // A date is in whole seconds, so it may stand for up to a second less.
  const least = how === 'a date' ? waitSeconds - 1 : waitSeconds;
  expect(outcome.retry.delaySeconds).toBeGreaterThanOrEqual(least);
  expect(outcome.retry.delaySeconds).toBeLessThanOrEqual(waitSeconds + 1);
  await expectNoTrySpent(journey, outcome);
  const waited = Date.parse(outcome.decided.time) - Date.parse(outcome.retry.time);
  // The log line comes a moment after the copy was sent.
  expect(waited).toBeGreaterThanOrEqual(Number(outcome.retry.delaySeconds) * 1000 - 300);
  expect(await triesBetween(outcome)).toBe(0);
}

/** Looks at the person that were made while the event was to wait. */
async function triesBetween({ person, retry }: FailingOutcome) {
  const from = Date.parse(retry.time);
  const until = from + (Number(retry.delaySeconds) - 1) * 1000;
  return (await journey.control.requests()).filter(({ path, time }) => {
    const at = Date.parse(time);
    return path.includes(person.id) && at > from + 200 && at < until;
  }).length;
}

async function changeWithoutToken(): Promise<typeof withoutToken> {
  const { control, log } = journey;
  const person = await journey.take();
  const { id: personId } = person;
  const answer = await control.addFault({ service: 'identity', kind: 'hang' });
  await control.putPhoto(personId, { drawing: 'a new face' });
  const late = await log.next('photo-retry', { personId, service: 'identity', attempt: 1 });
  const recover = await control.addFault({ service: 'identity', status: 500 });
  await answer();
  const retry = await log.next('photo-retry', { personId, service: 'identity', attempt: 2 });
  await recover();
  await journey.inSync(personId);
  const decided = await log.next('photo-decided', { personId, written: true });
  return { person, late, retry, decided };
}

it('matrix 28: costs no try when the identity endpoint does not answer, and then fails', async () => {
  const { late, retry } = withoutToken;
  expect(late.reason).toMatch(/endpoint did not answer in time/);
  expect(retry.reason).toMatch(/No token from the managed identity endpoint/);
  await expectNoTrySpent(journey, withoutToken);
});

it('says nothing that is secret or personal in any of this', async () => {
  const said = journey.log.everything.map(({ message }) => message).join('\n');
  expect(said).not.toMatch(/Bearer|eyJ[A-Za-z0-9_-]{10}|clientState|AccountKey/);
  for (const { userPrincipalName } of await journey.control.users()) {
    expect(said).not.toContain(userPrincipalName);
  }
  expect(await journey.storage.poisoned()).toBe(0);
});
