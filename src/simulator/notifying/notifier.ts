import type { FaultBoard } from '../faults/fault-board';
import type { MovableClock } from '../clock';
import type { DeliveryLog } from './delivery-log';
import { EndpointHealth } from './endpoint-health';
import { Gathering, type Group } from './gathering';
import { lifecycleItem, notificationItem, type NotificationItem } from './notification-item';
import { postNotification } from './post-notification';
import { Schedule } from './schedule';
import type { GraphSubscription, SubscriptionBook } from './subscription-book';

const MINUTE = 60_000;

/** "Retries for up to 4 hours" with "exponential back-off" is documented; where it starts and what it grows to is not. */
const RETRY_FOR_MS = 240 * MINUTE;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 15 * MINUTE;

/** What "slow" costs each new notification. */
const SLOW_DELAY_MS = 10_000;

/** So many POSTs at once to one endpoint; nothing is published about it. */
const IN_FLIGHT = 32;

const REORDER_SPREAD_MS = 250;

interface Delivery extends Group {
  url: string;
  attempt: number;
  firstTriedAt: number;
}

interface Endpoint {
  health: EndpointHealth;
  waiting: Delivery[];
  inFlight: number;
}

export interface NotifierParts {
  clock: MovableClock;
  tenantId: string;
  subscriptions: SubscriptionBook;
  faults: FaultBoard;
  log: DeliveryLog;
  random?: () => number;
}

/**
 * Tells subscribers of changes the way Graph does: at least once, in no promised order, again until somebody answers
 * with a 2xx. https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 */
export class Notifier {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly schedule: Schedule;
  private readonly gathering: Gathering;
  private readonly random: () => number;

  constructor(private readonly parts: NotifierParts) {
    this.schedule = new Schedule(parts.clock);
    this.gathering = new Gathering((url, group) => {
      this.admit({ url, ...group, attempt: 1, firstTriedAt: parts.clock.now() });
    });
    this.random = parts.random ?? Math.random;
  }

  /** What changes within one turn of the event loop goes out together, `batch` items a POST at most. */
  raise(
    personIds: readonly string[],
    changeType: 'updated' | 'deleted' = 'updated',
    batch = Infinity,
  ): boolean {
    const { subscriptions, tenantId, clock } = this.parts;
    let heard = false;
    for (const personId of personIds) {
      for (const subscription of subscriptions.watching(personId, changeType)) {
        heard = true;
        const item = notificationItem(subscription, personId, changeType, tenantId, clock.iso());
        this.gathering.add(subscription.notificationUrl, item, personId, batch);
      }
    }
    return heard;
  }

  /** Tells the subscription's own endpoint for that what becomes of it. */
  raiseLifecycle(subscription: GraphSubscription, lifecycleEvent: string): boolean {
    const url = subscription.lifecycleNotificationUrl;
    if (url === null) return false;
    const item = lifecycleItem(subscription, lifecycleEvent, this.parts.tenantId);
    this.gathering.add(url, item, undefined, Infinity);
    return true;
  }

  /** Sends items as they are to every endpoint subscribed. */
  raiseItems(items: readonly NotificationItem[], batch = Infinity): boolean {
    const urls = new Set(this.parts.subscriptions.list().map(({ notificationUrl }) => notificationUrl));
    for (const url of urls) for (const item of items) this.gathering.add(url, item, undefined, batch);
    return urls.size > 0;
  }

  /** Deliveries that wait for their time, for a free place or for an answer. */
  get pending(): number {
    const busy = [...this.endpoints.values()].map(({ waiting, inFlight }) => waiting.length + inFlight);
    return busy.reduce((sum, count) => sum + count, this.schedule.size + this.gathering.size);
  }

  stop(): void {
    this.schedule.stop();
  }

  /** Where a new notification meets the endpoint's state and the faults in force. */
  private admit(delivery: Delivery): void {
    const state = this.endpointOf(delivery.url).health.state();
    if (state === 'drop') return;
    const fault = this.parts.faults.forNotification();
    if (fault?.drop === true) return;
    const delay = () =>
      (state === 'slow' ? SLOW_DELAY_MS : 0) +
      (fault?.delayMs ?? 0) +
      (fault?.reorder === true ? this.random() * REORDER_SPREAD_MS : 0);
    this.send(delivery, delay());
    if (fault?.duplicate === true) this.send({ ...delivery }, delay());
  }

  private send(delivery: Delivery, delayMs: number): void {
    if (delayMs > 0) {
      this.schedule.in(delayMs, () => {
        this.send(delivery, 0);
      });
      return;
    }
    const endpoint = this.endpointOf(delivery.url);
    if (endpoint.inFlight >= IN_FLIGHT) endpoint.waiting.push(delivery);
    else void this.post(endpoint, delivery);
  }

  private async post(endpoint: Endpoint, delivery: Delivery): Promise<void> {
    endpoint.inFlight++;
    const { status, durationMs } = await postNotification(delivery.url, { value: delivery.items });
    endpoint.inFlight--;
    endpoint.health.record(durationMs);
    this.parts.log.add({ personIds: delivery.personIds, status, durationMs, attempt: delivery.attempt });
    if (status < 200 || status > 299) this.retry(delivery);
    const next = endpoint.waiting.shift();
    if (next !== undefined) void this.post(endpoint, next);
  }

  private retry(delivery: Delivery): void {
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (delivery.attempt - 1), LONGEST_RETRY_MS);
    if (this.parts.clock.now() + delayMs - delivery.firstTriedAt > RETRY_FOR_MS) return;
    this.send({ ...delivery, attempt: delivery.attempt + 1 }, delayMs);
  }

  private endpointOf(url: string): Endpoint {
    const known = this.endpoints.get(url);
    if (known !== undefined) return known;
    const endpoint: Endpoint = { health: new EndpointHealth(this.parts.clock), waiting: [], inFlight: 0 };
    this.endpoints.set(url, endpoint);
    return endpoint;
  }
}
