import { InvalidMessage, InvalidSettings, ServiceFailure, messageOf } from '../errors';
import { createLog, type Log, type LogTarget } from '../log';
import { WritingStopped } from '../photos/claim';
import { config, gate, monotonicMs, scope, storage, tenant } from '../services';
import { poisonQueueOf, queueNames } from '../storage/names';
import { takeMessage } from '../take-message';
import { adminRequestMessage, decodeAdminRequest, type AdminRequest } from './admin-request';
import type { DoctorDeps } from './doctor-deps';
import { endRecord } from './end-record';
import { runDoctor } from './run-doctor';

/** A request of the admin's tool. What can't be ended now comes back, and costs no try. */
export async function handleAdminRequest(message: unknown, target: LogTarget): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  const request = await takeMessage({ queue, log }, queueNames.adminRequest, message, decodeAdminRequest);
  if (!request) return;
  try {
    await runDoctor(await doctorDeps(log), request);
  } catch (error) {
    if (error instanceof InvalidSettings) await tellSettings(log, request, error);
    else if (error instanceof ServiceFailure || error instanceof WritingStopped) {
      await comeBackLater(log, request, error);
    } else throw error;
  }
}

/** The queue gave up on it, which only a bug of ours can cause. */
export async function reportPoisonRequest(message: unknown, target: LogTarget): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  let request: AdminRequest | undefined;
  try {
    const name = poisonQueueOf(queueNames.adminRequest);
    request = await takeMessage({ queue, log }, name, message, decodeAdminRequest);
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    log.error('request-poisoned', { reason: error.message });
    return;
  }
  if (!request) return;
  const reason =
    'Five tries failed; the errors of handle-request say why. Run the doctor again with the same person: it first puts back what this one may have left.';
  log.error('request-poisoned', { requestId: request.id, reason });
  await endRecord(await storage(), request.id, { step: 'restore', outcome: 'failed', detail: reason });
}

async function tellSettings(log: Log, request: AdminRequest, error: InvalidSettings): Promise<void> {
  log.error('settings-invalid', { problems: error.problems });
  const step = { step: 'settings', outcome: 'failed', detail: messageOf(error) } as const;
  await endRecord(await storage(), request.id, step);
}

async function comeBackLater(log: Log, request: AdminRequest, error: Error): Promise<void> {
  const [{ queue }, { retrySeconds }] = await Promise.all([storage(), config()]);
  const asked = error instanceof ServiceFailure ? error.retryAfterSeconds : undefined;
  const delaySeconds = Math.max(Math.ceil(asked ?? retrySeconds[0] ?? 60), 1);
  await queue.sendMessage(queueNames.adminRequest, adminRequestMessage(request), { delaySeconds });
  log.warn('request-retry', { requestId: request.id, reason: messageOf(error), delaySeconds });
}

async function doctorDeps(log: Log): Promise<DoctorDeps> {
  const [settings, { people, records, control, sweeps, queue }, parts, scopeSource, writeGate, starting] =
    await Promise.all([config(), storage(), tenant(), scope(), gate(log), import('../sweep/start-sweep.js')]);
  const { photos, profiles, looks, people: directory, library, describeToken } = parts;
  return {
    ...{ settings, people, records, control, gate: writeGate, scope: scopeSource, log, monotonicMs },
    ...{ photos, profiles, looks, directory, library, describeToken },
    requestSweep: (reason) => starting.requestSweep({ sweeps, queue, log }, reason),
  };
}
