import type { RecordTable, RequestRecord } from '../storage/record-table';
import { doctorKind } from './admin-request';

/** The record as it grows. Each change is written at once: an admin watches it. */
export interface Progress {
  record: RequestRecord;
  save: (changes: Partial<RequestRecord>) => Promise<void>;
}

/** @param begun the record of an earlier delivery, to go on with. */
export function openProgress(
  { records }: { records: RecordTable },
  requestId: string,
  begun: RequestRecord | undefined,
  readAt: Date,
): Progress {
  const record: RequestRecord = begun ?? {
    ...{ requestId, startedAt: readAt.toISOString(), finishedAt: '', outcome: '' },
    ...{ personId: '', waitingBecause: '', steps: [] },
  };
  return {
    record,
    save: async (changes) => {
      Object.assign(record, changes);
      await records.write(doctorKind, record);
    },
  };
}
