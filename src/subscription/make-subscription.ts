import { randomBytes } from 'node:crypto';
import { ServiceFailure } from '../errors';
import { sha256Hex } from '../notifications/client-state';
import type { KeepDeps } from './keep-subscription';

/** What is to be made. */
export interface Wish {
  storageNow: Date;
  expiresAt: Date;
  /** Why a sweep has to make up for what was lost before. */
  gap: string | undefined;
}

/** Makes a subscription whose secret only Graph knows. @throws ServiceFailure */
export async function makeSubscription(
  deps: KeepDeps,
  { storageNow, expiresAt, gap }: Wish,
): Promise<{ id: string; expiresAt: Date }> {
  const { rows, graph } = deps;
  const { notificationUrl, lifecycleUrl } = deps.settings;
  await warm(deps);
  const clientState = randomBytes(32).toString('base64url');
  // Before Graph is asked: its first notification may come before its answer, and the answer may never come.
  const row = await rows.addPending({
    secretSha256: sha256Hex(clientState),
    createdAt: storageNow,
    validUntil: expiresAt,
    sweepDue: gap,
  });
  let made;
  try {
    made = await graph.create({ notificationUrl, lifecycleUrl, clientState, expiresAt });
  } catch (error) {
    // A clear refusal: no notification will ever come with this secret. Any other failure may hide a success.
    const status = error instanceof ServiceFailure ? (error.status ?? 0) : 0;
    if (status >= 400 && status < 500) await rows.remove(row);
    throw error;
  }
  // A notification may have bound it already; then there is nothing left to do.
  await rows.bind(row, made.id, made.expiresAt);
  return made;
}

/** Graph waits 10 s for each address, cold start included. */
async function warm({ settings, warmEndpoint, log }: KeepDeps): Promise<void> {
  const addresses = { NOTIFICATION_URL: settings.notificationUrl, LIFECYCLE_URL: settings.lifecycleUrl };
  await Promise.all(
    Object.entries(addresses).map(async ([setting, url]) => {
      const cause = await warmEndpoint(url);
      if (cause !== undefined) {
        log.warn('subscription-endpoint-unready', {
          setting,
          reason: `The address does not answer as Graph will ask it to. ${cause} Graph is asked all the same.`,
        });
      }
    }),
  );
}
