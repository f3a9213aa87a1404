import type { Config } from '../config';
import type { Log } from '../log';
import { config, storage, tenant } from '../services';
import { requestSweep } from '../sweep/start-sweep';
import type { KeepDeps } from './keep-subscription';
import { warmEndpoint } from './warm-endpoint';

/** The app's own settings and services, as keeping the subscription needs them. @throws InvalidSettings */
export async function keepDeps(log: Log): Promise<KeepDeps & { settings: Config }> {
  const [settings, { subscriptions: rows, sweeps, queue }, { subscriptions: graph }] = await Promise.all([
    config(),
    storage(),
    tenant(),
  ]);
  return {
    settings,
    rows,
    graph,
    warmEndpoint: (url) => warmEndpoint(url, settings.requestTimeoutMs),
    requestSweep: (reason) => requestSweep({ sweeps, queue, log }, reason),
    log,
  };
}
