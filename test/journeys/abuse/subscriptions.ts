import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config';
import { sha256Hex } from '../../../src/notifications/client-state';
import { tableNames } from '../../../src/storage/names';
import { createSubscriptionTable } from '../../../src/storage/subscription-table';
import { createTable } from '../../../src/storage/table';
import type { Journey } from '../../support/journey';
import { notification, secret, subscriptionId } from '../../support/notification';

const sample = JSON.parse(readFileSync(join(__dirname, '../../../local.settings.sample.json'), 'utf8')) as {
  Values: Record<string, string>;
};

/** The tenant that the app is set up for. */
export const tenantId = loadConfig(sample.Values).tenantId;

/** A word in every body that must turn up nowhere. */
export const canary = 'canary-5c1f';

/** Subscriptions of the app, by what has become of them. */
export const subscriptions = {
  current: { subscriptionId, clientState: secret },
  /** Replaced, but still valid for what Graph sends again. */
  former: { subscriptionId: 'c0ffee00-0000-4000-8000-000000000001', clientState: 'former-secret-Q8dT2mVx' },
  /** Replaced so long ago that it is valid no more. */
  expired: { subscriptionId: 'c0ffee00-0000-4000-8000-000000000002', clientState: 'expired-secret-pL5wZc9R' },
} as const;

/** One item of a notification for that tenant, of the current subscription. */
export const item = (changes: Record<string, unknown> = {}) => notification({ tenantId, canary, ...changes });

/** Puts the subscriptions on record as the app itself does: the hashes of their secrets. */
export async function recordSubscriptions({ storage }: Journey): Promise<void> {
  const rows = createSubscriptionTable(createTable(storage.table(tableNames.subscriptions)));
  const hour = 3_600_000;
  for (const [name, { subscriptionId: id, clientState }] of Object.entries(subscriptions)) {
    const row = await rows.addPending({
      secretSha256: sha256Hex(clientState),
      createdAt: new Date(Date.now() - 24 * hour),
      validUntil: new Date(Date.now() + (name === 'expired' ? -hour : hour)),
    });
    await rows.bind(row, id);
  }
}
