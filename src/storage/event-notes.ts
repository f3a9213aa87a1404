import type { Table } from './table';
import { toDate } from './to-date';

/** When work on an event about the subscription last began, so that a flood of events leads to little work. */
export interface EventNotes {
  read(kind: string): Promise<{ begunAt: Date | undefined; token: string | undefined; readAt: Date }>;
  /** @returns false if somebody else began first. */
  begin(kind: string, token: string | undefined, at: Date): Promise<boolean>;
}

const partition = 'subscription-events';

export function createEventNotes(table: Table): EventNotes {
  return {
    async read(kind) {
      const { columns, token, readAt } = await table.read(partition, kind);
      return { begunAt: toDate(columns.begunAt), token, readAt };
    },
    async begin(kind, token, at) {
      return (await table.write(partition, kind, token, { begunAt: at.toISOString() })) !== undefined;
    },
  };
}
