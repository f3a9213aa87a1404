import { erasePersonData, findPersonData } from './person-data';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';
import { storageFailure } from '../storage/storage-failure';
import { exitCodes } from './problem';

type Storage = Pick<AdminStorage, 'clients'>;

/** @returns the exit code: 1 where nothing is held. */
export async function exportPerson({ clients }: Storage, output: Output, personId: string): Promise<number> {
  const data = await reachable(() => findPersonData(clients, personId));
  const isNothing = [data.rows, data.entries, data.groups, data.messages].every(({ length }) => length === 0);
  if (isNothing) output.say('Nothing is held on this person.');
  await output.write(`${JSON.stringify(data, undefined, 2)}\n`);
  return isNothing ? exitCodes.notWell : 0;
}

/** @returns the exit code: 1 where nothing is held. */
export async function erasePerson({ clients }: Storage, output: Output, personId: string): Promise<number> {
  const { rows, entries, groups, messages } = await reachable(() => findPersonData(clients, personId));
  if ([rows, entries, groups, messages].every(({ length }) => length === 0)) {
    output.say('Nothing is held on this person.');
    return exitCodes.notWell;
  }
  const erased = await reachable(() => erasePersonData(clients, personId));
  const lines = [
    `Erased: ${String(erased.rows)} rows of this person, and the mention in ${String(erased.entries)} rows about several.`,
    'What that means: the picture from before this app can no longer be restored by it, and a cleared picture’s files are no longer removed. A hold is gone with the row. While the account exists, the person counts as new: the next sweep makes a row again, and may write the person. If that must not be, put the person into the exclusion group (EXCLUSION_GROUP) now, before the next sweep.',
    `What was not erased: log lines with the object id, which go when the log’s own retention ends; messages at work or waiting (${String(messages.length)} seen), which hold the id until they are done; the pictures in SharePoint, which belong to the profile.`,
    ...(groups.length > 0
      ? [
          `The person is in the copy of the group ${groups.join(', ')}: it follows the group, so take the person out in Entra.`,
        ]
      : []),
  ];
  await output.write(`${lines.join('\n')}\n`);
  return 0;
}

/** These go past the app's own tables, so the SDK's errors come as they are. */
async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageFailure('looking for the person in a table or queue', error);
  }
}
