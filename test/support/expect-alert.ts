import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppLine } from './app-log';
import type { LoggedLine } from './recorded-log';

/** What a query makes of a field: text, a number, a time, or one of the values that it looks for. */
export type FieldKind = 'text' | 'number' | 'time' | (string | number)[];

export interface Alert {
  name: string;
  title: string;
  severity: number;
  window: string;
  frequency: string;
  /** The log lines that the alert reads, and their fields. */
  events: Record<string, Record<string, FieldKind>>;
  query: string[];
}

const file = join(__dirname, '../../infra/alerts.json');
export const { alerts } = JSON.parse(readFileSync(file, 'utf8')) as { alerts: Alert[] };

/** A line that the app has logged is one that this alert reads, with all the fields that its query needs. */
export function expectAlert(name: string, event: string, line: AppLine | LoggedLine | undefined): void {
  const fields = alerts.find((alert) => alert.name === name)?.events[event];
  if (!fields) throw new Error(`No alert ${name} reads ${event}.`);
  expect(line).toMatchObject({ event });
  for (const [field, kind] of Object.entries(fields)) {
    const value = line?.[field];
    expect({ field, value, isReadable: isReadable(value, kind) }).toEqual({ field, value, isReadable: true });
  }
}

function isReadable(value: unknown, kind: FieldKind): boolean {
  if (kind === 'text') return typeof value === 'string' && value !== '';
  if (kind === 'number') return typeof value === 'number';
  if (kind === 'time') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  return kind.includes(value as string | number);
}
