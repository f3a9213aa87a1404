import type { AppLine, Journey, ServiceFault, SimPerson } from './journey';

/** Where a fault strikes: one request of one person's, so that many can fail at once and each in its own way. */
export type Place = Pick<ServiceFault, 'service' | 'match'>;

export const at = {
  look: ({ id }: SimPerson): Place => ({ service: 'graph', match: `/users/${id}/photo$` }),
  picture: ({ id }: SimPerson): Place => ({ service: 'graph', match: `/users/${id}/photos/96x96/` }),
  profile: ({ userPrincipalName }: SimPerson): Place => ({
    service: 'admin',
    match: `GetPropertiesFor.*${userPrincipalName.replace('@', '%40')}`,
  }),
  file:
    (letter: 'S' | 'M' | 'L') =>
    ({ id }: SimPerson): Place => ({ service: 'mysite', match: `m365-${id}_${letter}Thumb` }),
  /** Names nobody, so those who meet it come one after the other. */
  properties: (): Place => ({ service: 'admin', match: 'ProcessQuery$' }),
};

export interface Failing {
  at: (person: SimPerson) => Place;
  fault: Omit<ServiceFault, 'service' | 'match'>;
}

export interface FailingOutcome {
  person: SimPerson;
  retry: AppLine;
  decided: AppLine;
}

/** The person's photo changes while the service fails. The service recovers after `tries` and what `meanwhile` checks. */
export async function changeWhileFailing(
  { control, log, take, inSync }: Journey,
  { at, fault }: Failing,
  { tries = 1, meanwhile }: { tries?: number; meanwhile?: (person: SimPerson) => Promise<void> } = {},
): Promise<FailingOutcome> {
  const person = await take();
  const since = log.mark();
  const recover = await control.addFault({ ...at(person), ...fault });
  let retry: AppLine;
  try {
    await control.putPhoto(person.id, { drawing: 'a new face' });
    retry = await log.next('photo-retry', { personId: person.id, attempt: tries }, since);
    await meanwhile?.(person);
  } finally {
    await recover();
  }
  await inSync(person.id);
  const decided = await log.next('photo-decided', { personId: person.id, written: true }, since);
  return { person, retry, decided };
}

/** The queue's tries are for the app's own mistakes; somebody else's failure costs none. */
export async function expectNoTrySpent(
  { log, storage }: Journey,
  { person, retry, decided }: FailingOutcome,
): Promise<void> {
  expect(log.all('photo-decided', { personId: person.id, written: true })).toHaveLength(1);
  const { correlationId } = retry;
  expect(decided).toMatchObject({ dequeueCount: 1, cause: 'retry', plan: 'apply', correlationId });
  expect(await storage.person(person.id)).toMatchObject({ dirty: false, failure: '' });
}
