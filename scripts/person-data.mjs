/**
 * What the app holds on one person, as JSON, or its erasure. Storage is reached as the app reaches it: by the settings
 * PhotoSyncStorage or PhotoSyncStorage__queueServiceUri, __tableServiceUri and __credential in the environment.
 *
 *   node scripts/person-data.mjs export <object id>
 *   node scripts/person-data.mjs erase <object id>
 *
 * Exit codes: 0 done, 1 nothing is held, 2 wrong use, 3 failed.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const [command, id, ...rest] = process.argv.slice(2);
if (!['export', 'erase'].includes(command) || !id || rest.length > 0) {
  console.error('Say what to do, and about whom: person-data.mjs export <object id>, or erase <object id>.');
  process.exit(2);
}
if (!guid.test(id)) {
  console.error(
    'That is no object id. It is a GUID; the Entra admin center shows it on the page of the user.',
  );
  process.exit(2);
}

const { openClients } = require('../dist/storage/open-storage.js');
const { storageFailure } = require('../dist/storage/storage-failure.js');
const { findPersonData, erasePersonData } = require('../dist/cli/person-data.js');
const personId = id.toLowerCase();

try {
  const clients = openClients(process.env);
  const data = await findPersonData(clients, personId);
  const isNothing = [data.rows, data.entries, data.groups, data.messages].every(({ length }) => length === 0);
  if (isNothing) console.error('Nothing is held on this person.');
  process.exitCode = isNothing ? 1 : 0;
  if (command === 'export') console.log(JSON.stringify(data, undefined, 2));
  else if (!isNothing) await erase(clients, data);
} catch (error) {
  console.error(error.problems ? error.message : storageFailure('looking for the person', error).message);
  process.exitCode = 3;
}

async function erase(clients, { groups, messages }) {
  const { rows, entries } = await erasePersonData(clients, personId);
  console.log(`Erased: ${rows} rows of this person, and the mention in ${entries} rows about several.`);
  console.log(
    'What that means: the picture from before this app can no longer be restored by it, and a cleared picture’s files are no longer removed. While the account exists, the person counts as new: the next sweep makes a row again. Leave the person out with EXCLUSION_GROUP to prevent that.',
  );
  console.log(
    `What was not erased: log lines with the object id, which go when the log’s own retention ends; messages at work or waiting (${messages.length} seen), which hold the id until they are done; the pictures in SharePoint, which belong to the profile.`,
  );
  if (groups.length > 0) {
    console.log(
      `The person is in the copy of the group ${groups.join(', ')}: it follows the group, so take the person out in Entra.`,
    );
  }
}
