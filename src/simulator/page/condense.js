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
  before.tone = before.requests.some(({ status }) => status >= 429) ? 'trouble' : 'still';
  return true;
}

/** @param {import('./api.js').SimEvent[]} requests */
export function summary(requests) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { service, status } of requests) {
    const name = `${serviceInWords(service).replace(/ \(.*/, '')}${status >= 429 ? ` answers ${status}` : ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => `${name} ${count}`);
  return `${several(requests.length, 'request')}: ${parts.join(', ')}`;
}

/** @param {import('./api.js').SimEvent} request */
export function requestLine({ method, path, status, durationMs, duration }) {
  const ms = durationMs ?? duration;
  return `${method} ${readable(path)} → ${status}${typeof ms === 'number' ? `, ${Math.round(ms)} ms` : ''}`;
}

/** @param {string} path */
function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
