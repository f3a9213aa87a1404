import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { removeSubscriptions } from '../../src/subscription/remove-subscriptions';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';
import { graphInMemory } from './graph-in-memory';

const notificationUrl = 'https://photos.example/api/notifications';
const lifecycleUrl = 'https://photos.example/api/lifecycle';
const settings = { notificationUrl, lifecycleUrl, subscriptionLifetimeMinutes: 40_320 };
const expiresAt = new Date('2026-12-20T09:00:00Z');

async function setUp() {
  const clock = movableClock();
  const rows = createSubscriptionTable(memoryTable(clock.now));
  const graph = graphInMemory(clock.now);
  const ours = { id: 'ours', resource: 'users', notificationUrl, lifecycleUrl, expiresAt };
  graph.listed.push(
    ours,
    { ...ours, id: 'without-row' },
    { ...ours, id: 'x', notificationUrl: 'https://x.example/' },
  );
  const bound = await rows.addPending({ secretSha256: 'a', createdAt: clock.now(), validUntil: expiresAt });
  await rows.bind(bound, 'ours');
  const remove = () => removeSubscriptions({ settings, rows, graph, log: recordedLog().log });
  return { clock, rows, graph, remove };
}

it('Ours go, with their rows, again and again without harm; a stranger stays and is named', async () => {
  const { rows, graph, remove } = await setUp();
  expect(await remove()).toEqual({ strangers: ['x'], mayCome: false });
  expect(graph.listed.map(({ id }) => id)).toEqual(['x']);
  expect((await rows.list()).rows).toEqual([]);
  expect(await remove()).toEqual({ strangers: ['x'], mayCome: false });
});

it('One that was just asked for may yet come: its row stays for 10 minutes', async () => {
  const { clock, rows, remove } = await setUp();
  await rows.addPending({ secretSha256: 'b', createdAt: clock.now(), validUntil: expiresAt });
  expect(await remove()).toMatchObject({ mayCome: true });
  expect((await rows.list()).rows).toHaveLength(1);
  clock.advance(600_000);
  expect(await remove()).toMatchObject({ mayCome: false });
  expect((await rows.list()).rows).toEqual([]);
});

it('One that is on record goes also where it notifies a former address', async () => {
  const { clock, rows, graph, remove } = await setUp();
  const former = { id: 'former', resource: 'users', lifecycleUrl, expiresAt };
  graph.listed.push({ ...former, notificationUrl: 'https://former.example/api/notifications' });
  const bound = await rows.addPending({ secretSha256: 'b', createdAt: clock.now(), validUntil: expiresAt });
  await rows.bind(bound, 'former');
  expect(await remove()).toEqual({ strangers: ['x'], mayCome: false });
  expect(graph.listed.map(({ id }) => id)).toEqual(['x']);
  expect((await rows.list()).rows).toEqual([]);
});
