// @ts-check
import { serviceInWords, several } from './words.js';

/** @typedef {import('./describe-event.js').Entry} Entry */

const neighboursMs = 3000;
const mostRequests = 60;

/**
 * Puts a request into the entry before it, if that holds requests of the same moment. One photo is eight requests;
 * eight lines would push everything else out of sight.
 *
 * @param {Entry | undefined} before
 * @param {Entry} entry
 * @returns {boolean} whether `entry` is now part of `before`
 */
export function condense(before, entry) {
  if (!before?.requests || !entry.requests) return false;
  if (before.requests.length + entry.requests.length > mostRequests) return false;
  if (Date.parse(entry.time) - Date.parse(before.time) > neighboursMs) return false;
  before.requests.push(...entry.requests);
  before.personIds = [...new Set([...before.personIds, ...entry.personIds])];
  before.text = summary(before.requests);
  before.tone = before.requests.some(({ status }) => isRefusal(status)) ? 'trouble' : 'still';
  return true;
}

/** @param {import('./api.js').SimEvent[]} requests */
export function summary(requests) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { service, status } of requests) {
    const name = serviceInWords(service).replace(/ \(.*/, '');
    const key = isRefusal(status) ? `${name} (${status || 'cut'})` : name;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => `${count} ${name}`);
  return `${several(requests.length, 'request')}: ${parts.join(', ')}`;
}

/** @param {import('./api.js').SimEvent} request */
export function requestLine({ method, path, status, durationMs, inner = [] }) {
  const ms = typeof durationMs === 'number' ? `, ${Math.round(durationMs)} ms` : '';
  const holds = inner.map(
    (/** @type {Record<string, string>} */ part) =>
      `${part.method} ${readable(part.path ?? '')} → ${part.status}`,
  );
  const answer = `${method} ${readable(path)} → ${status || 'cut'}${ms}`;
  return holds.length === 0 ? answer : `${answer} (${holds.join('; ')})`;
}

/** @param {string} path as it was sent, perhaps with a stray `%` */
export function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** @param {number} status 0: cut before an answer */
const isRefusal = (status) => status === 0 || status === 401 || status === 403 || status >= 429;
