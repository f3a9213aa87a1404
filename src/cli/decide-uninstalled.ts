import type { RemovalRecord } from '../storage/removal-table';

export interface UninstallFacts {
  isAppThere: boolean;
  /** The app's SYNC_MODE; undefined where it was not looked at, or there is no app. */
  mode: string | undefined;
  /** The app's own record; undefined where there is none, or the storage is gone. */
  record: RemovalRecord | undefined;
  /** The latest end of the subscriptions on record, ISO 8601; undefined where that is not known. */
  subscribedUntil: string | undefined;
  roles: readonly string[];
  sites: readonly { host: string; state: 'revoked' | 'granted' | 'unknown' }[];
  /** A SharePoint Administrator has said that the permissions were taken away. */
  areSitesDone: boolean;
}

export interface Uninstalled {
  /** Whatever is deleted now, nothing stays in the tenant that only the app or its rights could take away. */
  isSafe: boolean;
  /** What stands in the way, or stays whatever is done: sentences. */
  remains: string[];
}

/** Whether all may be deleted, and what remains. */
export function decideUninstalled(facts: UninstallFacts): Uninstalled {
  const inTheWay = [...ofApp(facts), ...ofRights(facts)];
  return { isSafe: inTheWay.length === 0, remains: [...inTheWay, ...ofAppThatIsGone(facts)] };
}

function ofApp({ isAppThere, mode, record, subscribedUntil }: UninstallFacts): string[] {
  if (!isAppThere) return [];
  if (mode !== undefined && mode.toLowerCase() !== 'remove') {
    return [`SYNC_MODE is ${mode || 'not set'}, so the app goes on, and makes its subscription again.`];
  }
  if (isRemoved(record, subscribedUntil)) return [];
  const how = record
    ? `${String(record.open)} people are open, and ${String(record.subscriptionsLeft)} subscriptions may be left`
    : 'it has left no record yet';
  return [`The app has not taken itself out yet: ${how}. Its timer goes on every quarter of an hour.`];
}

function ofRights({ roles, sites, areSitesDone }: UninstallFacts): string[] {
  const left = sites.filter(({ state }) => state === 'granted').map(({ host }) => host);
  const unknown = sites.filter(({ state }) => state === 'unknown').map(({ host }) => host);
  return [
    ...(roles.length > 0
      ? [
          `The app's identity still holds ${roles.join(', ')}: a Privileged Role Administrator takes them away (the commands stand above). They end with the identity, too.`,
        ]
      : []),
    ...(left.length > 0 ? [`The app may still write on ${left.join(', ')}: ${sharePointAdmin}`] : []),
    ...(unknown.length > 0 && !areSitesDone
      ? [
          `Whether the app may still write on ${unknown.join(', ')} is not shown to the Azure CLI: ${sharePointAdmin} Then say --sites-done, or give the token of a client that may look as SITES_TOKEN.`,
        ]
      : []),
  ];
}

const sharePointAdmin = 'a SharePoint Administrator takes the permission away (the commands stand above).';

/** Only the app's identity could have changed these, so nothing is won by waiting with the rest. */
function ofAppThatIsGone({ isAppThere, record, subscribedUntil }: UninstallFacts): string[] {
  if (isAppThere || isRemoved(record, subscribedUntil)) return [];
  const until = subscribedUntil ?? 'it ends, 29 days after it was last renewed at most';
  return [
    `The app was deleted before it took itself out. Graph sends notifications to an address where nobody answers until ${until}, and forgets the subscription then: no admin can see or delete it sooner.`,
    'Profiles go on showing the pictures that the app wrote (files named m365-… in the library "User Photos" of the My Site host), until SharePoint or somebody replaces them. To have the earlier ones back, deploy the app again with the same storage, and uninstall it with --restore.',
  ];
}

/**
 * Whether the app has taken itself out. Its own word, since only its identity sees its subscriptions.
 * @param subscribedUntil of a subscription on record: then the word is of an earlier removal.
 */
export function isRemoved(record: RemovalRecord | undefined, subscribedUntil: string | undefined): boolean {
  return record !== undefined && record.doneAt !== '' && record.subscriptionsLeft === 0 && !subscribedUntil;
}
