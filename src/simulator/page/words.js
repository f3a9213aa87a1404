// @ts-check
/** How the page says durations, times and the app's plans. */

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** @param {number} ms whole seconds, for what is counted while one watches */
export const counted = (ms) => (ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms));

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** @param {string} iso */
export function timeOfDay(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : clock.format(at);
}

/** @type {(count: number, one: string, many?: string) => string} */
export const several = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** @type {(ids: string[], nameOf: (id: string) => string) => string} */
export const whom = (ids, nameOf) =>
  ids.length === 1 ? nameOf(ids[0] ?? '') : several(ids.length, 'person', 'people');

/** What the app's plans mean, in the words of a bystander. */
const plans = new Map([
  ['apply', 'copied to SharePoint'],
  ['clear', 'picture taken off SharePoint'],
  ['confirm', 'looks again before it takes a picture away'],
  ['skip', 'nothing written'],
  ['defer', 'nothing written; the next notification about this person brings another look'],
  ['stop', 'writing is stopped'],
]);

/** Where a plan's code says more. */
const codes = new Map([
  ['folded', 'nothing written yet; looks again within seconds'],
  ['no-photo', 'nothing written; SharePoint keeps what it shows'],
]);

/** @param {Record<string, any>} line the app's, about a decision */
export function planInWords({ plan, code, mode }) {
  if (plan === 'apply' && mode !== 'apply') return 'would copy it, but only reports for now';
  return codes.get(code) ?? plans.get(plan) ?? '';
}

const services = new Map([
  ['graph', 'Graph'],
  ['mysite', 'SharePoint (My Site)'],
  ['admin', 'SharePoint (admin)'],
  ['root', 'SharePoint (root)'],
  ['identity', 'Identity'],
  ['storage', 'Storage'],
]);

/** @param {import('./api.js').Fault[]} faults in force */
export function faultsInWords(faults) {
  const each = faults.map(({ service, status }) => {
    if (!service) return 'notifications are meddled with';
    const name = serviceInWords(service).replace(/ \(.*/, '');
    return status ? `${name} answers ${status}` : `${name} has a fault`;
  });
  return each.length === 0 ? 'All services answer as usual' : `By a switch: ${[...new Set(each)].join(', ')}`;
}

/** @param {string | undefined} service */
export const serviceInWords = (service) => services.get(service ?? '') ?? service ?? 'A service';
