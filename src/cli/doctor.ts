import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminRequestMessage, doctorKind } from '../doctor/admin-request';
import { queueNames } from '../storage/names';
import type { RequestRecord, StepRow } from '../storage/record-table';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';
import { exitCodes, notReached } from './problem';

const pollMs = 500;

/**
 * Has the app try, as its own identity, all that a write needs, and shows what came of each step.
 * @returns the exit code. @throws Problem where the app does not answer.
 */
export async function doctor(
  { queue, records }: Pick<AdminStorage, 'queue' | 'records'>,
  output: Output,
  options: { user: string | undefined; waitSeconds: number },
): Promise<number> {
  const id = randomUUID();
  const request = {
    id,
    kind: 'doctor',
    ...(options.user !== undefined && { personId: options.user }),
  } as const;
  await queue.sendMessage(queueNames.adminRequest, adminRequestMessage(request));
  output.say(`The app was asked (request ${id}). It tries with one person, and puts back what was there.`);

  const until = performance.now() + options.waitSeconds * 1000;
  let told = 0;
  let waiting = '';
  let record: RequestRecord | undefined;
  do {
    await sleep(pollMs);
    ({ record } = await records.read(doctorKind, id));
    const steps = record?.steps ?? [];
    if (steps.length < told) told = 0;
    for (const step of steps.slice(told)) output.say(lineOf(step));
    told = steps.length;
    if (record?.waitingBecause && record.waitingBecause !== waiting) output.say(record.waitingBecause);
    waiting = record?.waitingBecause ?? '';
  } while (!record?.finishedAt && performance.now() < until);

  if (!record) {
    throw notReached(
      `The app has not taken up the request within ${String(options.waitSeconds)} s: is it running, and is this its storage? It takes it up when it starts; the log of "handle-request" tells.`,
    );
  }
  if (!record.finishedAt) {
    throw notReached(
      `The app is not done within ${String(options.waitSeconds)} s, and goes on. ${record.waitingBecause || 'Its log tells how far it is.'}`,
    );
  }
  const finished = record;
  await output.print(finished, () => asText(finished));
  return finished.outcome === 'passed' ? 0 : exitCodes.notWell;
}

const lineOf = ({ step, outcome, detail }: StepRow) => `${outcome.padEnd(7)}  ${step.padEnd(10)}  ${detail}`;

function asText({ outcome, personId, steps, requestId }: RequestRecord): string {
  const lines = steps.flatMap((step) => [
    lineOf(step),
    ...(step.role ? [`         needs       ${step.role}, on "${step.resourceApp ?? ''}"`] : []),
    ...(step.causes ?? []).map((cause) => `         perhaps     ${cause}`),
  ]);
  const who = personId === '' ? '' : `, tried with ${personId}`;
  return `${[...lines, `${outcome} (request ${requestId}${who})`].join('\n')}\n`;
}
