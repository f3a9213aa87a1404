/**
 * Has the pictures of before this app put back: queues it for one person, several, or everybody, and lists what was
 * restored and what was not, with the reason. The running app does the work; it needs SYNC_MODE=apply or remove.
 *
 *   npm run restore -- <object id> …        for these people
 *   npm run restore -- --all                for everybody whose picture is the app's
 *   npm run restore -- --list               only tells how things stand
 *
 * --json prints JSON instead of a table; --wait <seconds> is how long to wait for the app (60 unless given).
 * The app's storage is found as the app finds it: PhotoSyncStorage (a connection string), or
 * PhotoSyncStorage__queueServiceUri and PhotoSyncStorage__tableServiceUri with the identity of whoever is signed in.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { isToRestore, restoredHold } = await import('../dist/photos/decide-restore.js');
const { openStorage } = await import('../dist/storage/open-storage.js');
const { queueNames } = await import('../dist/storage/names.js');
const { personPartitions } = await import('../dist/storage/person-table.js');

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const usage = 'Usage: npm run restore -- <object id> … | --all | --list  [--json] [--wait <seconds>]';

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      wait: { type: 'string', default: '60' },
    },
  });
  const ids = positionals.map((id) => id.toLowerCase());
  const waitSeconds = Number(values.wait);
  const ways = Number(values.all) + Number(values.list) + Number(ids.length > 0);
  if (ways !== 1 || !ids.every((id) => guid.test(id)) || !(waitSeconds >= 0)) throw new Error(usage);

  const storage = openStorage(process.env);
  const states = values.list
    ? await listAll(storage)
    : await restore(storage, values.all ? await idsOfOurs(storage) : ids, waitSeconds);
  process.stdout.write(values.json ? `${JSON.stringify(states, null, 2)}\n` : asTable(states));
}

/** Everybody of whom the app has something, or had. */
async function listAll({ people }) {
  const states = [];
  for (const partition of personPartitions) {
    for (const { id, row } of await people.listPartition(partition)) {
      const wasAsked = row.code === 'restored' || row.code === 'not-restored' || row.hold === restoredHold;
      if (wasAsked || isToRestore(row)) states.push(stateOf(id, row));
    }
  }
  return states;
}

async function idsOfOurs({ people }) {
  const ids = [];
  for (const partition of personPartitions) {
    for (const { id, row } of await people.listPartition(partition)) if (isToRestore(row)) ids.push(id);
  }
  return ids;
}

async function restore({ people, queue }, ids, waitSeconds) {
  const asked = [];
  for (const id of ids) {
    const { readAt } = await people.read(id);
    const event = { personId: id, cause: 'restore', force: false, attempt: 0, correlationId: randomUUID() };
    await queue.send(queueNames.photoChangedBacklog, event);
    asked.push({ id, readAt });
  }
  const until = performance.now() + waitSeconds * 1000;
  const states = [];
  for (const { id, readAt } of asked) {
    let { row } = await people.read(id);
    while (isWaiting(row, readAt) && performance.now() < until) {
      await wait(500);
      ({ row } = await people.read(id));
    }
    states.push(
      isWaiting(row, readAt) ? { id, state: 'waiting', reason: waitingReason(row) } : stateOf(id, row),
    );
  }
  return states;
}

function isWaiting(row, since) {
  const isRefused = row?.code === 'not-restored' && new Date(row.decidedAt) >= since;
  return row !== undefined && isToRestore(row) && !isRefused;
}

function waitingReason({ failure }) {
  return failure || 'The app has not come to it yet; --list tells later.';
}

function stateOf(id, row) {
  if (row?.code === 'not-restored') return { id, state: 'not restored', reason: row.reason };
  if (row && isToRestore(row)) return { id, state: "the app's picture", reason: row.reason };
  if (row?.code === 'restored' || row?.hold === restoredHold) {
    return { id, state: 'restored', reason: row.code === 'restored' ? row.reason : `${row.hold}.` };
  }
  return { id, state: 'not restored', reason: 'The app has written no picture of this person.' };
}

function asTable(states) {
  const lines = states.map(({ id, state, reason }) => `${id}  ${state.padEnd(17)}  ${reason}`);
  const counts = new Map();
  for (const { state } of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const sum = [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'nobody';
  return `${[...lines, sum].join('\n')}\n`;
}
