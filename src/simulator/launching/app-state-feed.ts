import type { AppRequest } from '../control/app-state';
import type { LocalTenant } from '../local-tenant';
import { openAppState } from './read-app-state';

const everyMs = 1000;

export interface AppStateFeed {
  stop(): void;
}

/**
 * Shows on the page what the app keeps in its tables, and does what the page asks for. A reading that fails is left
 * out: Storage may be starting again.
 * @param actions.resume starts the function host again with BREAKER_RESUME.
 */
export function feedAppState(
  { pageUrl, functionsUrl, storage }: Pick<LocalTenant, 'pageUrl' | 'functionsUrl' | 'storage'>,
  actions: { resume(stopId: string): Promise<void> },
): AppStateFeed {
  const read = openAppState(storage.connectionString);
  let isStopped = false;
  const act = (request: AppRequest) =>
    request.what === 'resume' ? actions.resume(request.stopId) : startSweep(functionsUrl);
  const turn = async () => {
    const response = await fetch(`${pageUrl}/_sim/app-state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-sim': '1' },
      body: JSON.stringify(await read()),
    });
    const { requests } = (await response.json()) as { requests?: AppRequest[] };
    for (const request of requests ?? []) await act(request);
  };
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      void turn()
        .catch(() => undefined)
        .then(next);
    }, everyMs);
  };
  let timer: NodeJS.Timeout | undefined;
  next();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** As an admin may, who need not wait for the timer. */
async function startSweep(functionsUrl: string): Promise<void> {
  await fetch(`${functionsUrl}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input":""}',
  });
}
