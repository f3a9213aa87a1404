import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isToRestore, restoredHold } from '../photos/decide-restore';
import { queueNames } from '../storage/names';
import { personPartitions, type PersonRow } from '../storage/person-table';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';

type Storage = Pick<AdminStorage, 'people' | 'queue'>;

interface PersonState {
  id: string;
  state: 'restored' | 'not restored' | "the app's picture" | 'waiting';
  reason: string;
}

const pollMs = 500;

/** For whom: these people, everybody whose picture is the app's, or nobody, only to tell how things stand. */
export type ToRestore = { ids: readonly string[] } | 'all' | 'list';

/**
 * Has the app put back the pictures of before, and tells of each person what came of it. The running app does the work;
 * it needs SYNC_MODE=apply or remove.
 * @returns the exit code.
 */
export async function restore(
  storage: Storage,
  output: Output,
  whom: ToRestore,
  waitSeconds: number,
): Promise<number> {
  const states =
    whom === 'list'
      ? await listAll(storage)
      : await restoreThese(
          storage,
          output,
          whom === 'all' ? await idsOfOurs(storage) : whom.ids,
          waitSeconds,
        );
  await output.print(states, () => asTable(states));
  return 0;
}

/** Everybody of whom the app has something, or had. */
async function listAll({ people }: Storage): Promise<PersonState[]> {
  const states: PersonState[] = [];
  for (const partition of personPartitions) {
    for (const { id, row } of await people.listPartition(partition)) {
      const wasAsked = row.code === 'restored' || row.code === 'not-restored' || row.hold === restoredHold;
      if (wasAsked || isToRestore(row)) states.push(stateOf(id, row));
    }
  }
  return states;
}

async function idsOfOurs({ people }: Storage): Promise<string[]> {
  const ids: string[] = [];
  for (const partition of personPartitions) {
    for (const { id, row } of await people.listPartition(partition)) if (isToRestore(row)) ids.push(id);
  }
  return ids;
}

async function restoreThese(
  { people, queue }: Storage,
  output: Output,
  ids: readonly string[],
  waitSeconds: number,
): Promise<PersonState[]> {
  const asked: { id: string; readAt: Date }[] = [];
  for (const id of ids) {
    const { readAt } = await people.read(id);
    const event = {
      personId: id,
      cause: 'restore',
      force: false,
      attempt: 0,
      correlationId: randomUUID(),
    } as const;
    await queue.send(queueNames.photoChangedBacklog, event);
    asked.push({ id, readAt });
  }
  const until = performance.now() + waitSeconds * 1000;
  const states: PersonState[] = [];
  for (const { id, readAt } of asked) {
    output.progress(`${String(states.length)} of ${String(asked.length)} people`);
    let { row } = await people.read(id);
    while (isWaiting(row, readAt) && performance.now() < until) {
      await sleep(pollMs);
      ({ row } = await people.read(id));
    }
    states.push(
      row && isWaiting(row, readAt) ? { id, state: 'waiting', reason: waitingReason(row) } : stateOf(id, row),
    );
  }
  return states;
}

function isWaiting(row: PersonRow | undefined, since: Date): boolean {
  const isRefused = row?.code === 'not-restored' && new Date(row.decidedAt) >= since;
  return row !== undefined && isToRestore(row) && !isRefused;
}

function waitingReason({ failure }: PersonRow): string {
  return failure || 'The app has not come to it yet; --list tells later.';
}

function stateOf(id: string, row: PersonRow | undefined): PersonState {
  if (row?.code === 'not-restored') return { id, state: 'not restored', reason: row.reason };
  if (row && isToRestore(row)) return { id, state: "the app's picture", reason: row.reason };
  if (row?.code === 'restored' || row?.hold === restoredHold) {
    return { id, state: 'restored', reason: row.code === 'restored' ? row.reason : `${row.hold}.` };
  }
  return { id, state: 'not restored', reason: 'The app has written no picture of this person.' };
}

function asTable(states: readonly PersonState[]): string {
  const lines = states.map(({ id, state, reason }) => `${id}  ${state.padEnd(17)}  ${reason}`);
  const counts = new Map<string, number>();
  for (const { state } of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const sum = [...counts].map(([state, count]) => `${String(count)} ${state}`).join(', ') || 'nobody';
  return `${[...lines, sum].join('\n')}\n`;
}
