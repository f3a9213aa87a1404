import type { Columns, Table } from './table';

/** Why the breaker stopped all writing. */
export interface BreakerRow {
  stopId: string;
  kind: string;
  reason: string;
  /** Of a stop for the same picture: the picture's SHA-256. */
  detail: string;
  /** ISO 8601, Storage's time. */
  since: string;
  /** When an admin let writing go on; empty while it is stopped. */
  resumedAt: string;
}

/** How the first writes after a switch to apply stand. */
export interface FirstWritesRow {
  /** What the app did last: only report, or write. */
  mode: string;
  /** So many writes were read back and found as written. */
  verified: number;
  /** The person who is being written and not read back yet; empty where nobody is. */
  outstandingBy: string;
  /** ISO 8601, Storage's time. */
  outstandingSince: string;
}

/** The doctor's last pass: the app wrote a picture, read it back and put back what was there before. */
export interface DoctorRow {
  /** ISO 8601, Storage's time; empty before the first. */
  passedAt: string;
  requestId: string;
  /** With what it passed: see writing/decide-doctor.ts. */
  identity: string;
  sites: string;
}

/** One row of the partition `control` with the token to write it by; undefined where there is none yet. */
interface Row<T> {
  row: T | undefined;
  token: string | undefined;
}

/** All that concerns every instance, as one request to Storage tells it. */
export interface ControlReading {
  /** The reason why writing is paused, or undefined when it is not. */
  pausedBecause: string | undefined;
  breaker: Row<BreakerRow>;
  firstWrites: Row<FirstWritesRow>;
  doctor: DoctorRow | undefined;
  /** The app is taking itself out, or has; see removal-table.ts. */
  isRemoving: boolean;
  readAt: Date;
}

/** What is set at run time, for all instances, without a deployment: by an admin or by the app itself. */
export interface ControlTable {
  read(): Promise<ControlReading>;
  /** Compare-and-set; see Table.write. */
  writeBreaker(token: string | undefined, row: Partial<BreakerRow>): Promise<string | undefined>;
  writeFirstWrites(token: string | undefined, row: Partial<FirstWritesRow>): Promise<string | undefined>;
  recordDoctor(row: DoctorRow): Promise<void>;
}

const partition = 'control';
const rowVersion = 1;
const emptyBreaker: BreakerRow = { stopId: '', kind: '', reason: '', detail: '', since: '', resumedAt: '' };
const emptyFirstWrites: FirstWritesRow = { mode: '', verified: 0, outstandingBy: '', outstandingSince: '' };
const emptyDoctor: DoctorRow = { passedAt: '', requestId: '', identity: '', sites: '' };

export function createControlTable(table: Table): ControlTable {
  return {
    async read() {
      const { rows, readAt } = await table.list(partition);
      const rowOf = (rowKey: string) => rows.find((row) => row.rowKey === rowKey);
      return {
        pausedBecause: pauseOf(rowOf('paused')),
        breaker: toRow(rowOf('breaker'), emptyBreaker),
        firstWrites: toRow(rowOf('first-writes'), emptyFirstWrites),
        doctor: toRow(rowOf('doctor'), emptyDoctor).row,
        isRemoving: rowOf('removing') !== undefined,
        readAt,
      };
    },
    writeBreaker: (token, row) => table.write(partition, 'breaker', token, { version: rowVersion, ...row }),
    writeFirstWrites: (token, row) =>
      table.write(partition, 'first-writes', token, { version: rowVersion, ...row }),
    recordDoctor: (row) => table.overwrite(partition, 'doctor', { version: rowVersion, ...row }),
  };
}

function pauseOf(columns: Columns | undefined): string | undefined {
  // Tools that edit a table by hand write text unless told otherwise, and a pause meant is a pause.
  if (String(columns?.paused).toLowerCase() !== 'true') return undefined;
  return typeof columns?.reason === 'string' && columns.reason ? columns.reason : 'no reason given';
}

function toRow<T extends object>(found: (Columns & { token: string }) | undefined, empty: T): Row<T> {
  if (!found) return { row: undefined, token: undefined };
  // Rows are untrusted: a column of another kind counts as absent.
  const known = Object.entries(empty).map(([name, usual]: [string, unknown]) => [
    name,
    typeof found[name] === typeof usual ? found[name] : usual,
  ]);
  return { row: { ...empty, ...(Object.fromEntries(known) as T) }, token: found.token };
}
