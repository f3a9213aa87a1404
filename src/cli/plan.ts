import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { tableNames } from '../storage/names';
import { isLookKey, personPartitions, toRow } from '../storage/person-table';
import { createTable, type ScannedRow } from '../storage/table';
import { csvLine } from './csv-line';
import { decidePlanned, plannedColumns } from './decide-planned';
import { estimateWriting, type Pace } from './estimate-writing';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';
import { asText, type Counts, type PlanSummary } from './plan-summary';
import { exitCodes, wrongUse } from './problem';

const header = ['objectId', 'planned', 'code', 'reason', 'decidedAt'];

/**
 * Who would be written and who not, and why: a line a person, by object id, and a summary. Rows are read page by page, so
 * that a tenant of any size fits.
 * @param options.file where the lines go; standard output unless given. The summary goes where they do not.
 * @returns the exit code: 1 where there is no row yet.
 */
export async function plan(
  storage: Pick<AdminStorage, 'clients' | 'sweeps'>,
  output: Output,
  options: { file: string | undefined; pace: Pace; isJson: boolean },
): Promise<number> {
  const table = createTable(storage.clients.tableClient(tableNames.people));
  const file = options.file === undefined ? undefined : await openFile(options.file);
  const write = (text: string) => (file ? writeTo(file, text) : output.write(text));
  const counts: Counts = {};
  let people = 0;
  await write(csvLine(header));
  for await (const page of table.scan('', plannedColumns)) {
    let lines = '';
    for (const row of page) {
      if (isLookKey(row.rowKey)) continue;
      people += 1;
      lines += lineOf(row, counts);
    }
    await write(lines);
    output.progress(progressOf(page, people));
  }
  if (file) await endOf(file);

  const summary = await summarise(storage, counts, people, options.pace);
  if (file) await output.print(summary, () => asText(summary));
  else output.say(options.isJson ? JSON.stringify(summary) : asText(summary).trimEnd());
  return people === 0 ? exitCodes.notWell : 0;
}

function lineOf(columns: ScannedRow, counts: Counts): string {
  const row = toRow(columns);
  const { planned, code, reason } = decidePlanned(row);
  const ofPlanned = (counts[planned] ??= {});
  ofPlanned[code] = (ofPlanned[code] ?? 0) + 1;
  return csvLine([columns.rowKey, planned, code, reason, row.decidedAt]);
}

/** Ids are spread evenly, so the partition tells how far it is. */
function progressOf(page: readonly ScannedRow[], people: number): string {
  const reached = personPartitions.indexOf(page.at(-1)?.partitionKey ?? '') + 1;
  const percent = Math.round((reached / personPartitions.length) * 100);
  return `${String(people)} people, ${String(percent)} %`;
}

async function summarise(
  { sweeps }: Pick<AdminStorage, 'sweeps'>,
  counts: Counts,
  people: number,
  pace: Pace,
): Promise<PlanSummary> {
  const [last] = await sweeps.records();
  const toWrite = Object.values(counts.write ?? {}).reduce((sum, count) => sum + count, 0);
  return {
    people,
    counts,
    toWrite,
    withoutRow: last?.counts.skipped ?? {},
    lastSweep: last ? { finishedAt: last.finishedAt, outcome: last.outcome, seen: last.counts.seen } : null,
    expected: estimateWriting(toWrite, pace),
  };
}

async function openFile(path: string): Promise<WriteStream> {
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
    return file;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw wrongUse(`The file ${path} can't be written (${code}).`);
  }
}

async function writeTo(file: WriteStream, text: string): Promise<void> {
  if (!file.write(text)) await once(file, 'drain');
}

async function endOf(file: WriteStream): Promise<void> {
  file.end();
  await once(file, 'close');
}
