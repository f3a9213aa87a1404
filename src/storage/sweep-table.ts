import { noCounts, sweepCounts, type SweepCounts } from '../sweep/sweep-counts';
import type { Columns, Table } from './table';

const rowVersion = 1;
const partition = 'sweep';
const currentKey = 'current';
const recordPartition = 'record';
const keptRecords = 100;

/** The sweep at work, or the last one. Times are Storage's, as ISO 8601 text. */
export interface SweepRow {
  sweepId: string;
  /** Why it began. */
  reason: string;
  startedAt: string;
  /** Empty while it runs. */
  finishedAt: string;
  /** Of a finished one. `failed`: it did not see everybody. */
  outcome: '' | 'complete' | 'failed';
  /** Counts the steps, from 1: never goes back, also where the list of people begins again. */
  page: number;
  /** When the page before was finished. */
  pageAt: string;
  /** When the message comes back that works on this page; empty unless a service failed. */
  putBackUntil: string;
  /** Names the run that finished it, to tell one's own write from another's where its answer was lost. */
  movedBy: string;
  /** After the people come the rows of those who are gone. */
  stage: 'people' | 'leavers';
  /** Where the page begins: a path below /v1.0; empty for the first. */
  nextLink: string;
  /** Of stage `leavers`: the partition to begin with. */
  leaversFrom: string;
  counts: SweepCounts;
  /** Graph's time, at the last page of people. */
  graphTime: string;
  /** Why another sweep is to begin when this one ends; empty if none is. */
  wanted: string;
  /** For whom this sweep looks, to tell one choice of the settings from another. */
  scopeKey: string;

  /* What outlives the sweep. */

  /** The `scopeKey` of the last complete sweep: for these people, there is a baseline. */
  baselineOf: string;
  /** How many people it saw. */
  people: number;
  /** The last day on which rows of people who are gone were looked for, by Graph's time. */
  leaversOn: string;
}

/** What a finished sweep leaves. `durationMs` from the start to the end, pauses between runs included. */
export interface SweepRecord {
  sweepId: string;
  reason: string;
  startedAt: string;
  finishedAt: string;
  outcome: 'complete' | 'failed';
  durationMs: number;
  counts: SweepCounts;
}

export interface SweepTable {
  read(): Promise<{ row: SweepRow | undefined; token: string | undefined; readAt: Date }>;
  /** Compare-and-set; see Table.write. */
  write(token: string | undefined, changes: Partial<SweepRow>): Promise<string | undefined>;
  /** Keeps the record of a finished sweep, and the latest hundred. Recording one twice does no harm. */
  record(record: SweepRecord): Promise<void>;
  /** The latest first. */
  records(): Promise<SweepRecord[]>;
}

export function createSweepTable(table: Table): SweepTable {
  return {
    async read() {
      const { token, columns, readAt } = await table.read(partition, currentKey);
      return { token, readAt, row: token === undefined ? undefined : toRow(columns) };
    },
    write: (token, { counts, ...changes }) =>
      table.write(partition, currentKey, token, {
        version: rowVersion,
        ...changes,
        ...(counts && { counts: JSON.stringify(counts) }),
      }),
    async record({ counts, ...record }) {
      await table.overwrite(recordPartition, `${record.startedAt} ${record.sweepId}`, {
        version: rowVersion,
        ...record,
        counts: JSON.stringify(counts),
      });
      const { rows } = await table.list(recordPartition);
      const old = rows.sort(byKey).slice(0, Math.max(0, rows.length - keptRecords));
      for (const { rowKey, token } of old) await table.remove(recordPartition, rowKey, token);
    },
    async records() {
      const { rows } = await table.list(recordPartition);
      return rows.sort(byKey).reverse().map(toRecord);
    },
  };
}

const byKey = (one: { rowKey: string }, other: { rowKey: string }) => (one.rowKey < other.rowKey ? -1 : 1);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0);

/** Rows are untrusted: a column of another kind counts as absent. */
function toRow(columns: Columns): SweepRow {
  const outcome = text(columns.outcome);
  return {
    sweepId: text(columns.sweepId),
    reason: text(columns.reason),
    startedAt: text(columns.startedAt),
    finishedAt: text(columns.finishedAt),
    outcome: outcome === 'complete' || outcome === 'failed' ? outcome : '',
    page: whole(columns.page),
    pageAt: text(columns.pageAt),
    putBackUntil: text(columns.putBackUntil),
    movedBy: text(columns.movedBy),
    stage: columns.stage === 'leavers' ? 'leavers' : 'people',
    nextLink: text(columns.nextLink),
    leaversFrom: text(columns.leaversFrom),
    counts: toCounts(columns.counts),
    graphTime: text(columns.graphTime),
    wanted: text(columns.wanted),
    scopeKey: text(columns.scopeKey),
    baselineOf: text(columns.baselineOf),
    people: whole(columns.people),
    leaversOn: text(columns.leaversOn),
  };
}

function toRecord(columns: Columns): SweepRecord {
  return {
    sweepId: text(columns.sweepId),
    reason: text(columns.reason),
    startedAt: text(columns.startedAt),
    finishedAt: text(columns.finishedAt),
    outcome: columns.outcome === 'complete' ? 'complete' : 'failed',
    durationMs: whole(columns.durationMs),
    counts: toCounts(columns.counts),
  };
}

function toCounts(value: unknown): SweepCounts {
  try {
    return sweepCounts.catch(noCounts()).parse(JSON.parse(text(value)));
  } catch {
    return noCounts();
  }
}
