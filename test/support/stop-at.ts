import type { ApplyingRequest, QueuedEvent } from './applying-requests';
import { eventually } from './eventually';
import type { ProxiedJourney } from './proxied-journey';

/** `before`: the service never gets to do its work. `after`: it has done it, and its answer never comes. */
export type StopWhen = 'before' | 'after';

/**
 * Has one request of this kind hang: the next that comes.
 * @returns a wait until it hangs there.
 */
export async function stopAt(
  { control, proxy }: ProxiedJourney,
  event: QueuedEvent,
  request: ApplyingRequest,
  when: StopWhen,
): Promise<() => Promise<void>> {
  if ('storage' in request) {
    const rule = proxy.rule({ hold: when }, { times: 1, ...request.storage(event) });
    return () => rule.reached();
  }
  const fault = { service: request.service, match: request.match(event), after: when === 'after' };
  await control.addFault({ ...fault, kind: 'hang', times: 1 });
  const isTaken = async () =>
    (await control.faults()).some(
      (one) => 'match' in one && one.match === fault.match && one.after === fault.after && one.hits > 0,
    );
  const isDone = async () =>
    request.isDone?.(await control.user(event.person.id), await control.files()) ?? true;
  return async () => {
    await eventually(`it hangs at ${fault.service} ${fault.match}`, isTaken);
    if (fault.after) await eventually(`${fault.service} did its work: ${fault.match}`, isDone);
  };
}
