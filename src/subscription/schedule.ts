/** Six fields, seconds first, in UTC. https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions */
export const schedulePattern = /^(\S+ ){5}\S+$/;

export const defaultSubscriptionSchedule = '0 */15 * * * *';

/**
 * The timer's schedule. A timer with a schedule that can't be read would not be registered at all, so a bad one gives
 * way to the default here and is reported with the other settings.
 */
export function subscriptionSchedule(environment: Record<string, string | undefined>): string {
  const given = environment.SUBSCRIPTION_SCHEDULE?.trim() ?? '';
  return schedulePattern.test(given) ? given : defaultSubscriptionSchedule;
}

/** How long a subscription's id may stay unknown after Graph was asked for it: the answer to the POST may be lost. */
export const pendingMs = 10 * 60 * 1000;
