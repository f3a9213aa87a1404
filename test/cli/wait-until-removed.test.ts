import { waitUntilRemoved } from '../../src/cli/wait-until-removed';
import { createRemovalTable } from '../../src/storage/removal-table';
import { memoryTable } from '../support/memory-table';

const begin = new Date('2026-11-24T09:00:00Z');
const later = new Date('2026-11-24T09:15:00Z');

it.each([
  { when: 'as asked', writtenAt: later, restores: false, restoresAll: false, isTaken: true },
  {
    when: 'of an earlier removal',
    writtenAt: new Date(0),
    restores: false,
    restoresAll: false,
    isTaken: false,
  },
  {
    when: 'of an app that does not know yet that everybody is to be restored',
    ...{ writtenAt: later, restores: true, restoresAll: false, isTaken: false },
  },
  { when: 'of everybody restored', writtenAt: later, restores: true, restoresAll: true, isTaken: true },
])('a record $when is taken for the end: $isTaken', async ({ writtenAt, restores, restoresAll, isTaken }) => {
  const removals = createRemovalTable(memoryTable());
  const counts = { subscriptionsLeft: 0, restored: 0, notRestored: 1, open: 0 };
  await removals.record({ doneAt: writtenAt.toISOString(), restoresAll, ...counts });
  const getEntity = async () => ({ timestamp: writtenAt.toISOString() });
  const clients = { tableClient: () => ({ getEntity }) } as unknown as Parameters<
    typeof waitUntilRemoved
  >[0]['clients'];
  const silent = { progress: () => undefined } as unknown as Parameters<typeof waitUntilRemoved>[1];
  const asked = { since: begin, restores, waitSeconds: 0 };
  const record = await waitUntilRemoved({ clients, removals }, silent, asked);
  expect(record !== undefined).toBe(isTaken);
});
