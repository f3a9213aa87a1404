// @ts-check
/** The simulator's control API, as far as the page uses it. Every write carries `x-sim: 1`. */

/**
 * @typedef {{ etag: string, sha256?: string }} SourcePhoto
 * @typedef {{ pictureUrl?: string, timestamp?: string, files?: Record<string, string> }} SharePointPicture
 * @typedef {{
 *   id: string, userPrincipalName: string, displayName: string, jobTitle: string, kind: string, note?: string,
 *   mailbox: boolean, userType?: string, accountEnabled: boolean,
 *   source: SourcePhoto | null, sharePoint: SharePointPicture | null, inSync: boolean,
 *   photoChangedAt?: string | null, sharePointChangedAt?: string | null, syncedAfterMs?: number | null,
 * }} Person
 * @typedef {Record<string, any> & { service?: string, status?: number, retryAfterSeconds?: number, hits?: number }} Fault
 * @typedef {{ clockOffsetSeconds: number, appLogConnected: boolean, people: number, faults: Fault[] }} State
 * @typedef {import('../control/app-state').AppState} AppState
 * @typedef {Record<string, any> & { n: number, time: string, type: string }} SimEvent
 */

const pageOfPeople = 200;

/** An answer other than 2xx; the message is fit for the person at the page. */
export class Refused extends Error {}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function call(path, init) {
  const response = await fetch(`/_sim/${path}`, { cache: 'no-store', ...init });
  const text = await response.text();
  if (!response.ok) throw new Refused(explain(text) || `The simulator answered ${response.status}.`);
  return text === '' ? undefined : JSON.parse(text);
}

/** @param {string} text */
function explain(text) {
  try {
    const { error } = JSON.parse(text);
    return typeof error === 'string' ? error : (error?.message ?? '');
  } catch {
    return '';
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ json?: unknown, bytes?: Blob }} [body]
 */
function write(method, path, { json, bytes } = {}) {
  /** @type {Record<string, string>} */
  const headers = { 'x-sim': '1' };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (bytes !== undefined) headers['content-type'] = bytes.type || 'application/octet-stream';
  return call(path, { method, headers, body: json === undefined ? (bytes ?? null) : JSON.stringify(json) });
}

/** @param {string} id */
const user = (id) => `users/${encodeURIComponent(id)}`;

/** @returns {Promise<State>} */
export const readState = () => call('state');

/** @returns {Promise<Person[]>} */
export async function readPeople() {
  const people = [];
  for (;;) {
    const page = await call(`users?top=${pageOfPeople}&skip=${people.length}`);
    people.push(...page);
    if (page.length < pageOfPeople) return people;
  }
}

/** @type {(id: string, seed: string, notify: boolean) => Promise<unknown>} */
export const drawPhoto = (id, seed, notify) =>
  write('PUT', `${user(id)}/photo?drawing=${encodeURIComponent(seed)}&notify=${notify}`);

/** @type {(id: string, file: Blob, notify: boolean) => Promise<unknown>} */
export const uploadPhoto = (id, file, notify) =>
  write('PUT', `${user(id)}/photo?notify=${notify}`, { bytes: file });

/** @type {(id: string, notify: boolean) => Promise<unknown>} */
export const removePhoto = (id, notify) => write('DELETE', `${user(id)}/photo?notify=${notify}`);

/** @type {(id: string, jobTitle: string) => Promise<unknown>} */
export const changeJobTitle = (id, jobTitle) => write('PATCH', user(id), { json: { jobTitle } });

/** @type {(id: string) => Promise<{ visit: string }>} */
export const visitSharePoint = (id) => write('POST', `${user(id)}/visit`);

/** @type {(advanceSeconds: number) => Promise<unknown>} */
export const advanceClock = (advanceSeconds) => write('POST', 'clock', { json: { advanceSeconds } });

/** @returns {Promise<AppState | null>} null: nobody hands it over */
export const readAppState = () => call('app-state');

/** @type {(request: { what: 'sweep' } | { what: 'resume', stopId: string }) => Promise<unknown>} */
export const askLauncher = (request) => write('POST', 'app-requests', { json: request });

/** @returns {Promise<Fault[]>} */
export const readFaults = () => call('faults');

/** @type {(faults: Fault[]) => Promise<Fault[]>} */
export const setFaults = (faults) => write('PUT', 'faults', { json: faults });

/** @type {(person: Person) => string | undefined} */
export const sourcePictureUrl = ({ id, source }) =>
  source ? `/_sim/${user(id)}/photo?size=240&v=${encodeURIComponent(source.etag)}` : undefined;

/** @type {(person: Person) => string | undefined} */
export function sharePointPictureUrl({ id, sharePoint }) {
  if (!sharePoint?.pictureUrl) return undefined;
  const version = [
    sharePoint.pictureUrl,
    sharePoint.timestamp,
    sharePoint.files?.L,
    sharePoint.files?.M,
  ].join();
  return `/_sim/${user(id)}/sharepoint-picture?size=L&v=${encodeURIComponent(version)}`;
}
