import type { Budget } from '../writing/decide-reservation';
import type { Table } from './table';

/** The one row of the budget for SharePoint that all instances share. */
export interface BudgetTable {
  read(): Promise<{ budget: Budget; token: string | undefined; readAt: Date }>;
  /** Compare-and-set; see Table.write. */
  write(token: string | undefined, budget: Budget): Promise<string | undefined>;
}

const partition = 'budget';
const rowKey = 'sharepoint';

const times = [
  'peopleManagerReadyAt',
  'unitsReadyAt',
  'deferredReadyAt',
  'pausedUntil',
  'liveTailAt',
  'backlogTailAt',
  'deferredTailAt',
] as const;

export function createBudgetTable(table: Table): BudgetTable {
  return {
    async read() {
      const { columns, token, readAt } = await table.read(partition, rowKey);
      const timeOf = (name: (typeof times)[number]) => {
        const time = Date.parse(String(columns[name]));
        return Number.isNaN(time) ? 0 : time;
      };
      const budget: Budget = {
        peopleManagerReadyAt: timeOf('peopleManagerReadyAt'),
        unitsReadyAt: timeOf('unitsReadyAt'),
        deferredReadyAt: timeOf('deferredReadyAt'),
        pausedUntil: timeOf('pausedUntil'),
        isProbed: columns.isProbed === true,
        liveTailAt: timeOf('liveTailAt'),
        backlogTailAt: timeOf('backlogTailAt'),
        deferredTailAt: timeOf('deferredTailAt'),
        day: typeof columns.day === 'string' ? columns.day : '',
        writes: typeof columns.writes === 'number' ? columns.writes : 0,
        stopToldOn: typeof columns.stopToldOn === 'string' ? columns.stopToldOn : '',
      };
      return { budget, token, readAt };
    },
    write(token, budget) {
      const columns = Object.fromEntries(times.map((name) => [name, new Date(budget[name]).toISOString()]));
      const { isProbed, day, writes, stopToldOn } = budget;
      return table.write(partition, rowKey, token, {
        ...{ version: 1, ...columns },
        ...{ isProbed, day, writes, stopToldOn },
      });
    },
  };
}
