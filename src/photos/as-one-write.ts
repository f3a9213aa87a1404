import type { Admission, WriteGate } from '../writing/gate';

/**
 * Does what was admitted as one write of the day. The day does not count it where it ended before anything in
 * SharePoint was to change: the profile is missing, a service is down, or somebody else claimed the person.
 * @param work calls `begin` right before each request that changes something.
 */
export async function asOneWrite<T>(
  gate: Pick<WriteGate, 'giveBack'>,
  admission: Exclude<Admission, { stop: unknown }>,
  work: (begin: () => void) => Promise<T>,
): Promise<T> {
  const write = { hasBegun: false };
  try {
    return await work(() => {
      write.hasBegun = true;
    });
  } finally {
    if (!write.hasBegun) await gate.giveBack(admission);
  }
}
