import { randomUUID } from 'node:crypto';
import { adminRequestMessage, doctorKind } from '../../doctor/admin-request';
import { queueNames } from '../../storage/names';
import type { RequestRecord } from '../../storage/record-table';
import { openStorage } from '../../storage/open-storage';
import type { LocalTenant } from '../local-tenant';
import { waitUntil } from './wait-until';

const withinMs = 60_000;

/**
 * Asks for what an admin asks for with `photosync doctor`: before it has passed, nothing is written.
 * @returns what is wrong, as a sentence; undefined where it passed.
 */
export async function passDoctor({ storage }: Pick<LocalTenant, 'storage'>): Promise<string | undefined> {
  const { queue, records } = openStorage({ PhotoSyncStorage: storage.connectionString });
  const id = randomUUID();
  await queue.sendMessage(queueNames.adminRequest, adminRequestMessage({ id, kind: 'doctor' }));
  let record: RequestRecord | undefined;
  await waitUntil(async () => {
    ({ record } = await records.read(doctorKind, id));
    return Boolean(record?.finishedAt);
  }, withinMs);
  if (record?.outcome === 'passed') return undefined;
  const failed = record?.steps.find(({ outcome }) => outcome === 'failed');
  return `The doctor did not pass, so the app writes nothing: ${failed?.detail ?? 'it is not done yet.'}`;
}
