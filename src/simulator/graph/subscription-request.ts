import { z } from 'zod';

const MINUTE = 60_000;

/** https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime */
export const LONGEST_MINUTES = 41_760;

const url = z.string().max(2_000).refine(isAcceptable, 'must be an https address');

/** Graph takes https only. Plain http to this machine is the simulator's own leniency. */
function isAcceptable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
  );
}

const changeType = z
  .string()
  .refine(
    (text) => text.split(',').every((type) => ['updated', 'deleted'].includes(type.trim())),
    "Invalid 'changeType' attribute",
  );

const resource = z
  .string()
  .regex(
    /^\/?users(\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i,
    'is not a resource the local tenant notifies of',
  );

export const subscriptionRequestSchema = z.object({
  changeType,
  resource,
  notificationUrl: url,
  lifecycleNotificationUrl: url.nullish(),
  expirationDateTime: z.iso.datetime({ offset: true }),
  clientState: z.string().max(128).nullish(),
  latestSupportedTlsVersion: z.enum(['v1_0', 'v1_1', 'v1_2', 'v1_3']).default('v1_2'),
});

export const renewalSchema = z.object({ expirationDateTime: z.iso.datetime({ offset: true }) });

/** Why Graph would refuse this expiry, or undefined. */
export function refuseExpiry(expirationDateTime: string, now: number): string | undefined {
  const minutes = (Date.parse(expirationDateTime) - now) / MINUTE;
  if (minutes <= 0) return 'Subscription expiration must be in the future.';
  if (minutes > LONGEST_MINUTES)
    return `Subscription expiration can only be ${String(LONGEST_MINUTES)} minutes in the future.`;
  return undefined;
}
