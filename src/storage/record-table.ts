import type { Columns, Table } from './table';

/** How far a check is. `warning` is well enough to go on, and worth to be known. */
export interface StepRow {
  step: string;
  outcome: 'ok' | 'warning' | 'failed';
  /** What was found, or what went wrong and what to do: sentences. */
  detail: string;
  /** The right that is missing, or that the refused request needs, and whose it is. */
  role?: string | undefined;
  resourceApp?: string | undefined;
  /** What else may be behind a refusal. */
  causes?: readonly string[] | undefined;
}

/** What came of a request of the admin's tool. Times are Storage's, as ISO 8601 text. */
export interface RequestRecord {
  requestId: string;
  startedAt: string;
  /** Empty while it is at work. */
  finishedAt: string;
  outcome: '' | 'passed' | 'failed';
  /** With whom it is tried; empty before somebody is chosen. */
  personId: string;
  /** Why it comes back later; empty where it does not. */
  waitingBecause: string;
  steps: readonly StepRow[];
}

/** The records of one kind of request. */
export interface RecordTable {
  read(kind: string, requestId: string): Promise<{ record: RequestRecord | undefined; readAt: Date }>;
  write(kind: string, record: RequestRecord): Promise<void>;
  /** Removes all but the latest; records that are at work stay. */
  keepLatest(kind: string, count: number): Promise<void>;
}

const rowVersion = 1;

export function createRecordTable(table: Table): RecordTable {
  return {
    async read(kind, requestId) {
      const { token, columns, readAt } = await table.read(kind, requestId);
      return { readAt, record: token === undefined ? undefined : toRecord(requestId, columns) };
    },
    write: (kind, { requestId, steps, ...record }) =>
      table.overwrite(kind, requestId, { version: rowVersion, ...record, steps: JSON.stringify(steps) }),
    async keepLatest(kind, count) {
      const { rows } = await table.list(kind);
      const finished = rows.filter(({ finishedAt }) => text(finishedAt) !== '');
      finished.sort((one, other) => (text(one.startedAt) < text(other.startedAt) ? 1 : -1));
      for (const { rowKey, token } of finished.slice(count)) await table.remove(kind, rowKey, token);
    },
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Rows are untrusted: a column of another kind counts as absent. */
function toRecord(requestId: string, columns: Columns): RequestRecord {
  const outcome = text(columns.outcome);
  return {
    requestId,
    startedAt: text(columns.startedAt),
    finishedAt: text(columns.finishedAt),
    outcome: outcome === 'passed' || outcome === 'failed' ? outcome : '',
    personId: text(columns.personId),
    waitingBecause: text(columns.waitingBecause),
    steps: toSteps(text(columns.steps)),
  };
}

function toSteps(json: string): StepRow[] {
  try {
    const steps: unknown = JSON.parse(json);
    return Array.isArray(steps) ? (steps as StepRow[]) : [];
  } catch {
    return [];
  }
}
