import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import type { Config } from '../config';
import { createCredentials } from './credentials';
import { createPhotoSource, type PhotoSource } from './graph';
import { createGraphClient } from './graph-client';
import { createGroupSource, type GroupSource } from './graph-groups';
import { describeToken, type TokenFacts } from './describe-token';
import { createPhotoLooks, type PhotoLooks } from './graph-looks';
import { createPeopleSource, type PeopleSource } from './graph-people';
import { createGraphSubscriptions, type GraphSubscriptions } from './graph-subscriptions';
import { createPictureLibrary, type PictureLibrary } from './picture-library';
import { createProfileStore, type ProfileStore } from './sharepoint';
import { createSharePointClient } from './sharepoint-client';

export interface Tenant {
  photos: PhotoSource;
  subscriptions: GraphSubscriptions;
  groups: GroupSource;
  profiles: ProfileStore;
  people: PeopleSource;
  looks: PhotoLooks;
  library: PictureLibrary;
  /** What the token for this host says of itself; undefined where it can't be read. @throws ServiceFailure */
  describeToken: (origin: string) => Promise<TokenFacts | undefined>;
}

/** One credential, the app's managed identity, and one token for each host. */
export function openTenant(config: Config): Tenant {
  const identity = new ManagedIdentityCredential({
    ...(config.identityClientId && { clientId: config.identityClientId }),
    // The event is put back when there is no token: no need to hold an invocation for it.
    retryOptions: { maxRetries: 1 },
  });
  const { requestTimeoutMs: timeoutMs, rightsGrantedAt: grantedAt } = config;
  const credentials = createCredentials(identity, { rightsGranted: config.rightsGranted, timeoutMs });
  const graph = createGraphClient(credentials, { graphUrl: config.graphUrl, timeoutMs, grantedAt });
  const sharePoint = createSharePointClient(credentials, { timeoutMs, grantedAt });
  return {
    photos: createPhotoSource(graph),
    people: createPeopleSource(graph, config.graphUrl),
    looks: createPhotoLooks(graph, sleep),
    groups: createGroupSource(graph, config.graphUrl),
    subscriptions: createGraphSubscriptions(graph, { graphUrl: config.graphUrl }),
    profiles: createProfileStore(sharePoint, {
      rootUrl: config.sharePointRootUrl,
      adminUrl: config.geos[0]?.adminUrl ?? config.sharePointRootUrl,
      profileWrite: config.profileWrite,
      profileHost: config.profileHost,
    }),
    library: createPictureLibrary(sharePoint),
    describeToken: async (origin) => describeToken(await credentials.tokenFor(origin), grantedAt),
  };
}
