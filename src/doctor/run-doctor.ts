import { ServiceFailure, messageOf } from '../errors';
import { WritingStopped } from '../photos/claim';
import type { StepRow } from '../storage/record-table';
import { decideDoctor, doctorFacts } from '../writing/decide-doctor';
import { doctorKind, type AdminRequest } from './admin-request';
import { ok, type DoctorDeps } from './doctor-deps';
import { openProgress, type Progress } from './progress';
import { trySteps } from './try-steps';
import { undoTrial } from './undo-trial';

const keptRecords = 20;

/**
 * Does with one person all that a write does, as the app's own identity, and puts back what was there before. What comes
 * of each step is on record. Delivered again, it first puts back what an earlier delivery left.
 * @throws ServiceFailure, WritingStopped where the picture can't be put back now: the message has to come back.
 */
export async function runDoctor(deps: DoctorDeps, request: AdminRequest): Promise<void> {
  const { record: begun, readAt } = await deps.records.read(doctorKind, request.id);
  if (begun?.finishedAt) return;
  const progress = openProgress(deps, request.id, begun, readAt);
  // It waits only for the picture to be put back: the steps before are done.
  if (!begun?.waitingBecause) {
    if (begun?.personId) await undoTrial(deps, begun.personId);
    await progress.save({ steps: [] });
    await trySteps(deps, request, progress);
  }
  await takeBack(deps, progress);
  await conclude(deps, progress);
}

/** Whatever came before: nothing of the trial stays. */
async function takeBack(deps: DoctorDeps, { record, save }: Progress): Promise<void> {
  if (record.personId === '') return;
  try {
    const undone = await undoTrial(deps, record.personId);
    if (undone === 'nothing') return;
    const step: StepRow =
      undone === 'undone'
        ? {
            step: 'restore',
            ...ok('SharePoint shows what it showed before, and nothing of the trial stays.'),
          }
        : { step: 'restore', outcome: 'failed', detail: undone.stays };
    await save({ steps: [...record.steps, step], waitingBecause: '' });
  } catch (error) {
    if (!(error instanceof ServiceFailure || error instanceof WritingStopped)) throw error;
    const why = `The picture of before is not put back yet, and it is tried again: ${messageOf(error)}`;
    await save({ waitingBecause: why });
    throw error;
  }
}

async function conclude(deps: DoctorDeps, { record, save }: Progress): Promise<void> {
  const { control, log, settings, records } = deps;
  const { requestId, personId } = record;
  const failed = record.steps.find(({ outcome }) => outcome === 'failed');
  const isPassed = failed === undefined && record.steps.at(-1)?.step === 'restore';
  const reading = await control.read();
  const now = reading.readAt.toISOString();
  if (isPassed) {
    const facts = doctorFacts(settings);
    const wasShut = decideDoctor(reading.doctor, { isRequired: settings.doctorRequired, ...facts });
    await control.recordDoctor({ passedAt: now, requestId, ...facts });
    if (wasShut !== undefined) await deps.requestSweep('The doctor has passed, so writing begins.');
    log.info('doctor-passed', { requestId, personId });
  } else {
    const reason = failed?.detail ?? 'It did not come to its end.';
    log.warn('doctor-failed', { requestId, personId, step: failed?.step, reason });
  }
  await save({ finishedAt: now, outcome: isPassed ? 'passed' : 'failed' });
  await records.keepLatest(doctorKind, keptRecords);
}
