import type { MovableClock } from '../clock';
import type { Notifier } from './notifier';
import { Schedule } from './schedule';
import type { GraphSubscription, SubscriptionBook } from './subscription-book';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Says `reauthorizationRequired` before a subscription ends: a day, or for a short one when half its time has passed.
 * That it comes before the end is documented, how long before is not.
 * https://learn.microsoft.com/graph/change-notifications-lifecycle-events#reauthorizationrequired
 */
export class ExpiryWarnings {
  private readonly schedule: Schedule;

  constructor(
    private readonly clock: MovableClock,
    private readonly subscriptions: SubscriptionBook,
    private readonly notifier: Notifier,
  ) {
    this.schedule = new Schedule(clock);
    for (const subscription of subscriptions.list()) this.watch(subscription);
    subscriptions.onPut = (subscription) => {
      this.watch(subscription);
    };
  }

  stop(): void {
    this.schedule.stop();
  }

  private watch({ id, expirationDateTime }: GraphSubscription): void {
    const leftMs = Date.parse(expirationDateTime) - this.clock.now();
    this.schedule.in(leftMs - Math.min(DAY_MS, leftMs / 2), () => {
      // Renewed or gone meanwhile: there is nothing to say, or another time to say it.
      const subscription = this.subscriptions.get(id);
      if (subscription?.expirationDateTime === expirationDateTime)
        this.notifier.raiseLifecycle(subscription, 'reauthorizationRequired');
    });
  }
}
