import type { ServiceFailure } from '../errors';
import type { EventNotes } from '../storage/event-notes';
import type { EventQueue } from '../storage/event-queue';
import { queueNames } from '../storage/names';
import { decideEventTurn } from './decide-event-turn';
import { keepSubscription, type KeepDeps } from './keep-subscription';
import { subscriptionMessage, type SubscriptionEvent } from './subscription-event';

export interface EventDeps extends KeepDeps {
  settings: KeepDeps['settings'] & { lifecycleIntervalMs: number; retrySeconds: readonly number[] };
  notes: EventNotes;
  queue: EventQueue;
}

/** By Storage's clock. */
export interface EventDelivery {
  insertedAt: Date;
  dequeueCount: number;
}

/**
 * Does what Graph's word of the subscription asks for: authorises it anew by renewing it, makes one where it is gone,
 * and asks for a sweep where notifications were lost. A service that fails costs no try: the event comes back.
 */
export async function seeToEvent(
  deps: EventDeps,
  event: SubscriptionEvent,
  { insertedAt, dequeueCount }: EventDelivery,
): Promise<void> {
  const { notes, settings, log } = deps;
  const { correlationId } = event;
  const lost = event.events.filter((one) => one !== 'reauthorizationRequired');
  const kind = lost.length > 0 ? 'lost' : 'reauthorization';
  const { begunAt, token, readAt } = await notes.read(kind);
  const intervalMs = settings.lifecycleIntervalMs;
  const turn = decideEventTurn({ insertedAt, dequeueCount, lastBegunAt: begunAt, now: readAt, intervalMs });
  if (turn.plan === 'drop') {
    log.info('subscription-event-dropped', { events: event.events, reason: turn.reason, correlationId });
    return;
  }
  if (turn.plan === 'wait') {
    await sendAgain(deps, event, turn.delayMs / 1000);
    log.info('subscription-event-waiting', { events: event.events, reason: turn.reason, correlationId });
    return;
  }
  if (!(await notes.begin(kind, token, readAt))) {
    await sendAgain(deps, event, intervalMs / 1000);
    return;
  }
  log.info('subscription-event', { events: event.events, correlationId });
  const failure = await keepSubscription(deps, {
    mustRenew: true,
    lost: lost.length > 0 ? `Graph told that notifications were lost (${lost.join(', ')}).` : undefined,
  });
  if (failure) await putBack(deps, event, failure);
}

/** The copy is sent before the original ends: at worst there are two, never none. */
async function putBack(deps: EventDeps, event: SubscriptionEvent, failure: ServiceFailure): Promise<void> {
  const { retrySeconds } = deps.settings;
  const scheduled = retrySeconds[Math.min(event.attempt, retrySeconds.length - 1)] ?? 60;
  const delaySeconds = Math.max(failure.retryAfterSeconds ?? scheduled, 1);
  await sendAgain(deps, { ...event, attempt: event.attempt + 1 }, delaySeconds);
  deps.log.warn('subscription-event-retry', {
    events: event.events,
    service: failure.service,
    status: failure.status,
    delaySeconds,
    correlationId: event.correlationId,
  });
}

async function sendAgain(
  { queue }: EventDeps,
  event: SubscriptionEvent,
  delaySeconds: number,
): Promise<void> {
  const delay = { delaySeconds: Math.ceil(delaySeconds) };
  await queue.sendMessage(queueNames.subscriptionEvent, subscriptionMessage(event), delay);
}
