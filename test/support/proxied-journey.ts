import { letSubscribe, startJourney, type Journey, type JourneyOptions } from './journey';
import { startStorageProxy, type StorageProxy } from './storage-proxy';

export interface ProxiedJourney extends Journey {
  /** Between the function hosts and Azurite; `storage` goes past it. */
  proxy: StorageProxy;
}

/** A journey whose hosts reach Storage through a proxy that can fail and hold what is asked of it. */
export async function startProxiedJourney({
  startHost = true,
  subscribe = true,
  ...options
}: JourneyOptions = {}): Promise<ProxiedJourney> {
  const proxy = await startStorageProxy();
  const journey = await startJourney({ ...options, storagePorts: proxy.ports, startHost: false });
  proxy.forwardTo(journey.tenant.storage.ports);
  const proxied: ProxiedJourney = {
    ...journey,
    proxy,
    stop: async () => {
      // What a rule still holds would keep a host from stopping.
      proxy.clear();
      await journey.stop();
      await proxy.close();
    },
  };
  if (!startHost) return proxied;
  await journey.tenant.startHost();
  if (subscribe) await letSubscribe(proxied);
  return proxied;
}
