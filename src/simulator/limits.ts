/**
 * Throttling by the limits Microsoft publishes, on the simulator's clock. Every caller counts as one app, and a
 * request that was refused counts like any other: whoever does not wait stays out.
 */

import type { SimulatorClock } from './books';
import {
  MAILBOX_REQUESTS_AT_ONCE,
  publishedLimits,
  type PublishedLimit,
  type PublishedLimits,
} from './published-limits';
import { createUsageWindow, type UsageWindow } from './usage-window';

/** "Plan with an average of 2 resource units per request": CSOM and REST have no published cost. */
export const SHAREPOINT_REQUEST_UNITS = 2;

/** From this share of a limit on, answers say how much of it is left. */
const ANNOUNCED_FROM = 0.8;

/** `off` for none, or what the published limits are multiplied by. */
export type LimitsSetting = 'off' | number;

export interface LimitVerdict {
  throttled: boolean;
  /** The limit that refused. */
  limit?: string;
  /** For the answer, whether it is refused or not. */
  headers: Record<string, string>;
}

/** What the control API shows: `used` of `amount` within the last `windowSeconds`. */
export interface LimitState {
  name: string;
  /** Null: no limit is in force. */
  amount: number | null;
  windowSeconds: number;
  used: number;
}

export interface Limits {
  /** Counts one SharePoint request with so many PeopleManager calls inside. */
  sharePoint(peopleManagerCalls: number): LimitVerdict;
  /** Counts a Graph request about people or subscriptions, by its cost in identity resource units. */
  directory(units: number): LimitVerdict;
  /** Counts a photo request. Unless throttled, `close` must be called when the answer is made. */
  mailbox(personId: string): LimitVerdict & { close: () => void };
  state(): { setting: LimitsSetting; limits: LimitState[] };
}

export interface LimitsOptions {
  setting: LimitsSetting;
  clock: SimulatorClock;
  /** How many people the tenant has now. */
  people: () => number;
}

export function createLimits({ setting, clock, people }: LimitsOptions): Limits {
  const factor = setting === 'off' ? Infinity : setting;
  const now = () => clock.now();
  const windows = new Map<string, UsageWindow>();
  const openRequests = new Map<string, number>();

  const limitsNow = (): PublishedLimits => publishedLimits(people(), factor);

  function windowOf(limit: PublishedLimit, key = limit.name): UsageWindow {
    const window = windows.get(key) ?? createUsageWindow(limit.windowSeconds, now);
    windows.set(key, window);
    return window;
  }

  /** Counts `cost` against each limit; the headers are those of the tightest. */
  function count(charges: { limit: PublishedLimit; cost: number; key?: string }[]): LimitVerdict {
    let waitSeconds = 0;
    let refusedBy: string | undefined;
    for (const { limit, cost, key } of charges) {
      if (cost === 0) continue;
      const window = windowOf(limit, key);
      window.add(cost);
      if (window.used() <= limit.amount) continue;
      // The same request again has to fit beside what is left.
      const wait = Math.max(1, window.secondsUntilAtMost(Math.max(0, limit.amount - cost)));
      if (wait > waitSeconds) [waitSeconds, refusedBy] = [wait, limit.name];
    }
    if (refusedBy === undefined) return { throttled: false, headers: {} };
    return { throttled: true, limit: refusedBy, headers: { 'Retry-After': String(waitSeconds) } };
  }

  /** Documented for the app's units a minute only. */
  function rateLimitHeaders(limit: PublishedLimit): Record<string, string> {
    const window = windowOf(limit);
    const used = window.used();
    if (used < limit.amount * ANNOUNCED_FROM) return {};
    return {
      'RateLimit-Limit': String(limit.amount),
      'RateLimit-Remaining': String(Math.max(0, limit.amount - used)),
      'RateLimit-Reset': String(window.secondsUntilAtMost(0)),
    };
  }

  const stateOf = (limit: PublishedLimit): LimitState => ({
    ...limit,
    amount: Number.isFinite(limit.amount) ? limit.amount : null,
    used: windowOf(limit).used(),
  });

  return {
    sharePoint(peopleManagerCalls) {
      const { sharePointUnitsPerMinute, sharePointUnitsPerDay, peopleManagerCalls: calls } = limitsNow();
      const verdict = count([
        { limit: sharePointUnitsPerMinute, cost: SHAREPOINT_REQUEST_UNITS },
        { limit: sharePointUnitsPerDay, cost: SHAREPOINT_REQUEST_UNITS },
        { limit: calls, cost: peopleManagerCalls },
      ]);
      return { ...verdict, headers: { ...rateLimitHeaders(sharePointUnitsPerMinute), ...verdict.headers } };
    },

    directory: (units) => count([{ limit: limitsNow().directoryUnits, cost: units }]),

    mailbox(personId) {
      const limit = limitsNow().mailboxRequests;
      const verdict = count([{ limit, cost: 1, key: `${limit.name} ${personId}` }]);
      const open = openRequests.get(personId) ?? 0;
      // Narrower limits keep it: a batch of three pictures could never get through.
      if (open >= MAILBOX_REQUESTS_AT_ONCE * Math.max(1, factor)) {
        return {
          throttled: true,
          limit: 'requests at once a mailbox',
          headers: { 'Retry-After': '1', ...verdict.headers },
          close: () => undefined,
        };
      }
      if (verdict.throttled) return { ...verdict, close: () => undefined };
      openRequests.set(personId, open + 1);
      let closed = false;
      const close = () => {
        if (closed) return;
        closed = true;
        const left = (openRequests.get(personId) ?? 1) - 1;
        if (left > 0) openRequests.set(personId, left);
        else openRequests.delete(personId);
      };
      return { ...verdict, close };
    },

    state() {
      const { sharePointUnitsPerMinute, sharePointUnitsPerDay, peopleManagerCalls, directoryUnits } =
        limitsNow();
      const shown = [sharePointUnitsPerMinute, sharePointUnitsPerDay, peopleManagerCalls, directoryUnits];
      return { setting, limits: shown.map(stateOf) };
    },
  };
}
