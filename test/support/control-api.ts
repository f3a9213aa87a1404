import type { JudgedEntry } from '../chaos/judge-history';
import type { LoggedRequest } from '../../src/simulator/request-log';
import type { DeliveryAttempt } from '../../src/simulator/notifying/delivery-log';
import type { GraphSubscription } from '../../src/simulator/notifying/subscription-book';
import type { PersonKind, SizeLetter, StoredFile } from '../../src/simulator/books';
import type { NotificationFault, ServiceFault } from '../../src/simulator/faults/fault-schema';

import type { TenantSecrets } from './find-leaks';

export type { LoggedRequest, PersonKind, ServiceFault };

/** A person as the control API shows them. */
export interface SimPerson {
  id: string;
  userPrincipalName: string;
  displayName: string;
  kind: PersonKind;
  mailbox: boolean;
  source: { etag: string; sha256: string } | null;
  sharePoint: {
    pictureUrl: string;
    timestamp: string;
    placeholderState: string;
    files: Partial<Record<SizeLetter, string>>;
  } | null;
  inSync: boolean;
  photoChangedAt: string | null;
}

export interface SimFile extends Pick<StoredFile, 'sha256' | 'writtenBy' | 'modifiedAt'> {
  path: string;
  host: 'mysite' | 'geo-mysite';
}

export interface Renditions {
  etag: string | null;
  /** By side, or `original`. */
  sha256: Record<string, string>;
}

/** How a photo is to change. `raw` bytes are served as they are, also where they are no picture. */
export interface NewPhoto {
  drawing?: string;
  upload?: Buffer;
  raw?: Buffer;
  contentType?: string;
  width?: number;
  height?: number;
  notify?: boolean;
}

export type ControlApi = ReturnType<typeof createControlApi>;

/** The local tenant's control API, typed. Every refusal is thrown with what the tenant says. */
export function createControlApi(pageUrl: string) {
  async function send(method: string, path: string, body?: Buffer | object): Promise<unknown> {
    const response = await fetch(`${pageUrl}/_sim/${path}`, {
      method,
      headers: {
        'x-sim': '1',
        ...(body && !Buffer.isBuffer(body) && { 'content-type': 'application/json' }),
      },
      ...(body && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim/${path}: ${String(response.status)} ${text}`);
    return JSON.parse(text) as unknown;
  }

  const faults = new Set<ServiceFault | NotificationFault>();
  let lastPut: Promise<unknown> = Promise.resolve();
  /** One after the other, so that the list in force is the latest. */
  const putAll = () => (lastPut = lastPut.then(() => send('PUT', 'faults', [...faults])));

  return {
    users: () => send('GET', 'users?top=10000') as Promise<SimPerson[]>,
    user: (id: string) => send('GET', `users/${id}`) as Promise<SimPerson>,
    addUsers: (count: number, kind: PersonKind) =>
      send('POST', 'users', { count, kind }) as Promise<SimPerson[]>,
    patchUser: (
      id: string,
      changes: {
        jobTitle?: string;
        displayName?: string;
        accountEnabled?: boolean;
        userPrincipalName?: string;
      },
      { notify = true } = {},
    ) => send('PATCH', `users/${id}?notify=${String(notify)}`, changes) as Promise<SimPerson>,
    deleteUser: (id: string) => send('DELETE', `users/${id}`),
    patchProfile: (id: string, profile: Record<string, unknown> | null) =>
      send('PATCH', `users/${id}/sharepoint`, { profile }) as Promise<SimPerson>,

    putPhoto: (id: string, { drawing, upload, raw, contentType, width, height, notify = true }: NewPhoto) => {
      const query = new URLSearchParams({
        notify: String(notify),
        ...(drawing !== undefined && { drawing }),
        ...(raw && { raw: 'true' }),
        ...(contentType !== undefined && { contentType }),
        ...(width !== undefined && { width: String(width) }),
        ...(height !== undefined && { height: String(height) }),
      });
      return send('PUT', `users/${id}/photo?${query.toString()}`, upload ?? raw) as Promise<{
        etag: string;
      }>;
    },
    deletePhoto: (id: string, { notify = true } = {}) =>
      send('DELETE', `users/${id}/photo?notify=${String(notify)}`),
    renditions: (id: string) => send('GET', `users/${id}/renditions`) as Promise<Renditions>,

    /** As when that person visits SharePoint. `force`: however short a time ago SharePoint last pulled the photo. */
    visit: (id: string, { force = false } = {}) =>
      send('POST', `users/${id}/visit?force=${String(force)}`) as Promise<{ visit: string }>,
    /** The bytes of one size that SharePoint shows. */
    async shownPicture(id: string, letter: SizeLetter): Promise<Buffer> {
      const response = await fetch(`${pageUrl}/_sim/users/${id}/sharepoint-picture?size=${letter}`);
      if (!response.ok) throw new Error(`There is no picture of ${id}: ${String(response.status)}`);
      return Buffer.from(await response.arrayBuffer());
    },
    /** Puts bytes into a file past the app. */
    putFile: (path: string, bytes: Buffer, writtenBy: StoredFile['writtenBy']) =>
      send('PUT', `files?${new URLSearchParams({ path, writtenBy }).toString()}`, bytes),
    deleteFile: (path: string) => send('DELETE', `files?${new URLSearchParams({ path }).toString()}`),
    /** Which files may not be deleted, and by which status that is said; without `path`, all of them. */
    retain: (holds: { path?: string; status?: 403 | 409 | 423 }[]) => send('PUT', 'retention', holds),
    /** Whether the library of pictures keeps versions. */
    putVersioning: (enabled: boolean) => send('PUT', 'versioning', { enabled }),
    putGroup: (id: string, group: { members?: string[]; groups?: string[]; hidden?: boolean }) =>
      send('PUT', `groups/${id}`, group),
    deleteGroup: (id: string) => send('DELETE', `groups/${id}`),
    /** What the app's next tokens carry; a host that has a token keeps it. */
    putRoles: (roles: { graph?: string[]; sharepoint?: string[] }) => send('PUT', 'roles', roles),

    /** The folder of pictures on the My Site host gets another name, with the files in it. */
    renameFolder: (name: string) => send('PUT', 'folder', { name }),
    files: () => send('GET', 'files') as Promise<SimFile[]>,
    /** Requests that the simulated services answered after number `n`. */
    requests: (n = 0) => send('GET', `requests?since=${String(n)}`) as Promise<LoggedRequest[]>,
    /** The number of the last request so far, for `requests`. */
    async lastRequest(): Promise<number> {
      return (await this.requests()).at(-1)?.n ?? 0;
    },
    notifications: (n = 0) => send('GET', `notifications?since=${String(n)}`) as Promise<DeliveryAttempt[]>,
    notify: (personIds: string[], options: { batch?: number } = {}) =>
      send('POST', 'notify', { personIds, ...options }),
    /** What nobody may read in a log. */
    secrets: () => send('GET', 'secrets') as Promise<TenantSecrets>,
    /** What happened to photos and pictures after entry `n`. */
    history: (n: number, top: number) =>
      send('GET', `history?since=${String(n)}&top=${String(top)}`) as Promise<JudgedEntry[]>,
    subscriptions: () => send('GET', 'subscriptions') as Promise<GraphSubscription[]>,
    /** Graph forgets it without a word. */
    removeSubscription: (id: string) => send('DELETE', `subscriptions/${id}`),
    /** Tells the app something of all subscriptions, or of one. */
    lifecycle: (event: string, subscriptionId?: string) =>
      send('POST', 'lifecycle', {
        event,
        ...(subscriptionId !== undefined && { subscriptionId }),
      }) as Promise<{
        told: number;
      }>,
    /** A token of somebody who is signed in to an admin's tool. */
    adminToken: async (who: { role?: string; tool?: string }) =>
      ((await send('POST', 'admin-token', who)) as { token: string }).token,
    roles: (roles: { graph?: string[]; sharepoint?: string[] }) => send('PUT', 'roles', roles),
    state: () => send('GET', 'state') as Promise<{ now: string; notificationsPending: number }>,
    advanceClock: (advanceSeconds: number) => send('POST', 'clock', { advanceSeconds }),

    /**
     * Puts a fault in force beside the others, until the function it returns is called. Adding or removing one starts
     * the `times` of the others anew, so tests that run at once use faults without `times`.
     */
    async addFault(fault: ServiceFault | NotificationFault): Promise<() => Promise<unknown>> {
      faults.add(fault);
      await putAll();
      return () => {
        faults.delete(fault);
        return putAll();
      };
    },
    /** The faults in force, with how often each was taken. */
    faults: () => send('GET', 'faults') as Promise<((ServiceFault | NotificationFault) & { hits: number })[]>,
    /** Puts exactly these faults in force. */
    putFaults: (list: readonly (ServiceFault | NotificationFault)[]) => send('PUT', 'faults', [...list]),
    clearFaults: () => {
      faults.clear();
      return putAll();
    },
  };
}
