import type { MovableClock } from '../clock';

/** https://learn.microsoft.com/graph/api/resources/subscription */
export interface GraphSubscription {
  id: string;
  resource: string;
  changeType: string;
  clientState: string | null;
  notificationUrl: string;
  lifecycleNotificationUrl: string | null;
  expirationDateTime: string;
  latestSupportedTlsVersion: string;
}

/** What Graph believes is subscribed. One not renewed in time is gone. */
export class SubscriptionBook {
  /** Also of those that are gone: a log may hold none of them. */
  readonly clientStates = new Set<string>();

  /** `subscriptions` is changed in place, `changed` called after it. */
  constructor(
    private readonly clock: MovableClock,
    private readonly changed: () => void,
    private readonly subscriptions = new Map<string, GraphSubscription>(),
  ) {}

  list(): GraphSubscription[] {
    for (const { id, expirationDateTime } of [...this.subscriptions.values()]) {
      if (Date.parse(expirationDateTime) <= this.clock.now()) this.remove(id);
    }
    return [...this.subscriptions.values()];
  }

  get(id: string): GraphSubscription | undefined {
    return this.list().find((subscription) => subscription.id === id.toLowerCase());
  }

  /** Called with each one that is made or renewed. */
  onPut: (subscription: GraphSubscription) => void = () => undefined;

  put(subscription: GraphSubscription): void {
    this.subscriptions.set(subscription.id, subscription);
    if (subscription.clientState !== null) this.clientStates.add(subscription.clientState);
    this.changed();
    this.onPut(subscription);
  }

  remove(id: string): boolean {
    const known = this.subscriptions.delete(id.toLowerCase());
    if (known) this.changed();
    return known;
  }

  /** Those that hear of a change of this person. */
  watching(personId: string, changeType: 'updated' | 'deleted'): GraphSubscription[] {
    return this.list().filter(({ resource, changeType: types }) => {
      const path = resource.toLowerCase().replace(/^\//, '');
      return (path === 'users' || path === `users/${personId}`) && types.split(',').includes(changeType);
    });
  }
}
