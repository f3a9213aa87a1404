import type { Admission, WriteGate } from '../writing/gate';
import type { Claim } from './claim';

/** Tells that from here on the write has begun, or that it has not. */
export type Begin = (hasBegun?: boolean) => void;

/**
 * Does what was admitted as one write of the day. The day does not count it where it ended before anything in
 * SharePoint was to change: the profile is missing, a service is down, or somebody else claimed the person.
 * @param work calls `begin` right before each request that changes something, and `begin(false)` where the first of them
 * was refused in so many words.
 */
export async function asOneWrite<T>(
  gate: Pick<WriteGate, 'giveBack'>,
  admission: Exclude<Admission, { stop: unknown }>,
  work: (begin: Begin) => Promise<T>,
): Promise<T> {
  const write = { hasBegun: false };
  try {
    return await work((hasBegun = true) => {
      write.hasBegun = hasBegun;
    });
  } finally {
    if (!write.hasBegun) await gate.giveBack(admission);
  }
}

/** For right before a request that changes something: the claim has to hold, and from then on the write has begun. */
export function beginIn(claim: Pick<Claim, 'check'>, begin: Begin): () => Promise<void> {
  return async () => {
    await claim.check();
    begin();
  };
}
