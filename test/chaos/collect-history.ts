import type { ControlApi } from '../support/control-api';
import type { JudgedEntry } from './judge-history';

const atOnce = 2000;

/** Takes down the tenant's history as it grows: of how long ago a file is from, the tenant tells best at once. */
export function collectHistory(control: ControlApi) {
  const entries: JudgedEntry[] = [];
  return {
    entries,
    /** @returns how many were added. */
    async take(): Promise<number> {
      const before = entries.length;
      for (;;) {
        const more = await control.history(entries.at(-1)?.n ?? 0, atOnce);
        entries.push(...more);
        if (more.length < atOnce) return entries.length - before;
      }
    },
  };
}
