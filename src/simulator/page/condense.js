// @ts-check
import { serviceInWords, several } from './words.js';

/** @typedef {import('./describe-event.js').Entry} Entry */

const neighboursMs = 3000;
const mostRequests = 60;
const firstSweepMs = 120_000;

/**
 * Puts an entry into an earlier one, if the two are of a kind. One photo is eight requests, and the first sweep one
 * decision a person; a line for each would push everything else out of sight.
 *
 * @param {Entry[]} earlier oldest first
 * @param {Entry} entry
 * @returns {Entry | undefined} the earlier one, if `entry` is now part of it
 */
export function condense(earlier, entry) {
  const before = entry.firstSweep ? earlier.findLast(({ firstSweep }) => firstSweep) : earlier.at(-1);
  if (!before) return undefined;
  const apartMs = Date.parse(entry.time) - Date.parse(before.time);
  if (entry.firstSweep && apartMs <= firstSweepMs) {
    addPeople(before, entry);
    before.text = `${several(before.personIds.length, 'person', 'people')}: ${entry.firstSweep}`;
    return before;
  }
  if (!before.requests || !entry.requests || apartMs > neighboursMs) return undefined;
  if (before.requests.length + entry.requests.length > mostRequests) return undefined;
  addPeople(before, entry);
  before.requests.push(...entry.requests);
  before.text = summary(before.requests);
  before.tone = before.requests.some(({ status }) => isRefusal(status)) ? 'trouble' : 'still';
  return before;
}

/** @type {(to: Entry, from: Entry) => void} */
function addPeople(to, from) {
  to.personIds = [...new Set([...to.personIds, ...from.personIds])];
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
  const all = several(requests.length, 'request');
  if (counts.size === 1) return `${all} to ${[...counts.keys()].join('')}`;
  return `${all}: ${[...counts].map(([name, count]) => `${count} to ${name}`).join(', ')}`;
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
