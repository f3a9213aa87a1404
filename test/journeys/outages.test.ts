import { DEFAULT_ROLES } from '../../src/simulator/identity';
import { expectAlert } from '../support/expect-alert';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';

/*
 * What lasts: a right that is taken away, a Graph that is away for longer than it repeats its notifications, and a
 * subscription that is gone.
 * The tests follow one another.
 */

jest.setTimeout(startMs);

const hourSeconds = 3600;

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney({ people: 40, settings: { RETRY_SECONDS: '1' } });
});
afterAll(() => journey.stop());

/** A new process has no token of before. */
async function restartHost(): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost();
}

async function sweep(): Promise<void> {
  const since = journey.log.mark();
  await journey.runTimer('sweep');
  await journey.log.next('sweep-finished', {}, since);
}

async function takeThree(): Promise<SimPerson[]> {
  return [await journey.take(), await journey.take(), await journey.take()];
}

it('matrix 29: the consent is taken away: the events wait, and say which right is missing', async () => {
  const { control, log, storage } = journey;
  const people = await takeThree();
  const expectRefused = async (service: string, role: RegExp) => {
    const since = log.mark();
    for (const { id: personId } of people) {
      const refused = { personId, service, status: 403 };
      const again = await eventually('it is refused twice', () => log.all('photo-retry', refused, since)[1]);
      expectAlert('role-lost', 'photo-retry', again);
      expect(again.reason).toMatch(role);
    }
    expect(await storage.poisoned()).toBe(0);
  };

  await control.roles({ graph: [], sharepoint: [] });
  await restartHost();
  for (const { id } of people) await control.putPhoto(id, { drawing: `of ${id}` });
  await expectRefused('Graph', /User\.Read\.All on Microsoft Graph/);
  await control.roles({ ...DEFAULT_ROLES, sharepoint: [] });
  await restartHost();
  await expectRefused('SharePoint', /User\.ReadWrite\.All on "Office 365 SharePoint Online"/);

  await control.roles(DEFAULT_ROLES);
  await restartHost();
  for (const { id } of people) await journey.inSync(id);
  await storage.drained();
});

it('Graph is away for six hours, longer than it repeats a notification: a sweep brings what was lost', async () => {
  const { control, log, storage, tenant } = journey;
  // The first one records what is there.
  await sweep();
  const [queued, lost] = [await journey.take(), await journey.take()];
  const recover = await control.addFault({ service: 'graph', status: 503 });
  const since = log.mark();
  await control.putPhoto(queued.id, { drawing: 'heard of in time' });
  await log.next('photo-retry', { personId: queued.id, service: 'Graph', attempt: 2 }, since);

  // What is down between Graph and the app, nobody hears of: the app is as far away as Graph is.
  await tenant.host?.stop();
  await control.putPhoto(lost.id, { drawing: 'never heard of' });
  for (let hour = 0; hour < 6; hour++) {
    const tried = (await control.notifications()).length;
    await control.advanceClock(hourSeconds);
    if (hour < 4) {
      await eventually('Graph tries once more', async () => (await control.notifications()).length > tried);
    }
  }
  const { notificationsPending } = await control.state();
  expect(notificationsPending).toBe(0);

  await recover();
  await tenant.startHost();
  await journey.inSync(queued.id);
  await storage.drained();
  expect((await control.user(lost.id)).inSync).toBe(false);
  await sweep();
  await journey.inSync(lost.id);
});

it('matrix 31: the subscription goes without a word: a sweep brings what nobody was told of meanwhile', async () => {
  const { control, log } = journey;
  for (const { id } of await control.subscriptions()) await control.removeSubscription(id);
  const { id: personId } = await journey.take();
  const told = (await control.notifications()).length;
  await control.putPhoto(personId, { drawing: 'never told of' });

  const since = log.mark();
  await journey.runTimer('keep-subscription');
  await log.next('subscription-created', {}, since);
  await log.next('photo-decided', { personId, cause: 'sweep', written: true }, since);
  await journey.inSync(personId);
  expect(await control.notifications()).toHaveLength(told);
  expect((await control.state()).notificationsPending).toBe(0);
});
