import type { Table } from './table';

/** What an admin sets at run time, for all instances, without a deployment. */
export interface ControlTable {
  /** The reason why writing is paused, or undefined when it is not. */
  pausedBecause(): Promise<string | undefined>;
}

export function createControlTable(table: Table): ControlTable {
  return {
    async pausedBecause() {
      const { columns } = await table.read('control', 'paused');
      // Tools that edit a table by hand write text unless told otherwise, and a pause meant is a pause.
      if (String(columns.paused).toLowerCase() !== 'true') return undefined;
      return typeof columns.reason === 'string' && columns.reason ? columns.reason : 'no reason given';
    },
  };
}
