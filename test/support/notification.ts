import { alex, tenantId } from './ids';

export const subscriptionId = '0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f';
/** A clientState of the length and alphabet that the app itself makes. */
export const secret = 'kV3mQz8-pLr1XwT_yUe5sBn0aHc7dJf2gKo4iNq6RtA';

/** One item of a notification as Graph posts it, with what a test wants otherwise. `undefined` leaves a field out. */
export function notification(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const personId = typeof changes.personId === 'string' ? changes.personId : alex;
  const item = {
    changeType: 'updated',
    clientState: secret,
    resource: `Users/${personId}`,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.User',
      '@odata.id': `Users/${personId}`,
      id: personId,
      organizationId: tenantId,
      sequenceNumber: 123,
    },
    subscriptionExpirationDateTime: '2026-12-20T09:00:00+00:00',
    subscriptionId,
    tenantId,
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(item).filter(([name, value]) => name !== 'personId' && value !== undefined),
  );
}
