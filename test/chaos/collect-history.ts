import type { ControlApi, LoggedRequest } from '../support/control-api';
import type { JudgedEntry } from './judge-history';

const atOnce = 2000;

/** Takes down the tenant's history as it grows: of how long ago a file is from, the tenant tells best at once. */
export function collectHistory(control: ControlApi) {
  const entries: JudgedEntry[] = [];
  /** By file of the app's: when the tenant last refused to remove it, or said that it is not there. */
  const refusals = new Map<string, string>();
  let lastRequest = 0;

  async function takeRefusals() {
    for (const request of await control.requests(lastRequest)) {
      lastRequest = request.n;
      const name = isRefusal(request) && ownFile.exec(request.path)?.[0];
      if (name) refusals.set(name, request.time);
    }
  }

  return {
    entries,
    refusals,
    /** @returns how many entries were added. */
    async take(): Promise<number> {
      await takeRefusals();
      const before = entries.length;
      for (;;) {
        const more = await control.history(entries.at(-1)?.n ?? 0, atOnce);
        entries.push(...more);
        if (more.length < atOnce) return entries.length - before;
      }
    },
  };
}

const ownFile = /m365-[0-9a-f-]{36}_[SML]Thumb\.jpg/;

function isRefusal({ service, method, path, status }: LoggedRequest): boolean {
  if (service !== 'mysite') return false;
  if (method === 'POST') return path.includes('/recycle()') && [403, 404, 409, 423].includes(status);
  return status === 404;
}
