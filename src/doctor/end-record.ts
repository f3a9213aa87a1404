import type { RecordTable, StepRow } from '../storage/record-table';
import { doctorKind } from './admin-request';

/** Ends the record of a run that can't end it by itself. @throws ServiceFailure */
export async function endRecord(
  { records }: { records: RecordTable },
  requestId: string,
  step: StepRow,
): Promise<void> {
  const { record, readAt } = await records.read(doctorKind, requestId);
  if (record?.finishedAt) return;
  const now = readAt.toISOString();
  const { personId = '', startedAt = now, steps = [] } = record ?? {};
  await records.write(doctorKind, {
    ...{ requestId, startedAt, finishedAt: now, outcome: 'failed', personId, waitingBecause: '' },
    steps: [...steps, step],
  });
}
