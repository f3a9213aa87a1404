// @ts-check
import { appLines } from './app-lines.js';
import { duration, faultsInWords, whom } from './words.js';

/**
 * One line of the activity feed.
 * @typedef {{
 *   time: string, icon: string, tone: 'plain' | 'good' | 'still' | 'trouble',
 *   tag?: string, text: string, detail?: string, personIds: string[], firstSweep?: string,
 *   requests?: import('./api.js').SimEvent[],
 * }} Entry
 */

/**
 * An event in plain words, or nothing when it is not worth a line. Requests are told apart by their own field,
 * because the feed puts neighbours together.
 *
 * @param {import('./api.js').SimEvent} event
 * @param {(id: string) => string} nameOf
 * @param {(request: import('./api.js').SimEvent) => string | undefined} personIn who a request is about
 * @returns {Entry | undefined}
 */
export function describeEvent(event, nameOf, personIn) {
  const { time } = event;
  switch (event.type) {
    case 'change':
      return {
        time,
        icon: 'person',
        tone: 'plain',
        personIds: [event.personId],
        ...change(event, nameOf),
      };
    case 'synced':
      return {
        time,
        icon: 'sharepoint',
        tone: 'good',
        text: `SharePoint shows the new photo of ${nameOf(event.personId)}`,
        detail: `${duration(event.syncedAfterMs)} after the change`,
        personIds: [event.personId],
      };
    case 'notification':
      return { time, icon: 'bell', personIds: event.personIds ?? [], ...notification(event, nameOf) };
    case 'request': {
      const id = personIn(event);
      return {
        time,
        icon: 'requests',
        tone: 'still',
        text: '',
        personIds: id ? [id] : [],
        requests: [event],
      };
    }
    case 'fault':
      // A fault that struck names the service, and is told by the request it struck.
      if (event.service) return undefined;
      return { time, icon: 'wrench', tone: 'plain', text: faultsInWords(event.faults ?? []), personIds: [] };
    case 'clock':
      return { time, icon: 'clock', tone: 'plain', text: 'The simulator’s clock was moved', personIds: [] };
    case 'app':
      return appLine(event, nameOf);
    default:
      return undefined;
  }
}

/** @type {(event: Record<string, any>, nameOf: (id: string) => string) => { text: string, detail?: string }} */
function change({ personId, what, notified }, nameOf) {
  const name = nameOf(personId);
  if (what === 'properties') return { text: `${name}: something changed, not the photo` };
  const text = what === 'photo-removed' ? `${name} has no photo any more` : `${name} has a new photo`;
  return notified ? { text } : { text, detail: 'Graph says nothing about it' };
}

/** @type {(event: Record<string, any>, nameOf: (id: string) => string) => Pick<Entry, 'text' | 'detail' | 'tone'>} */
function notification({ personIds = [], status, attempt, durationMs }, nameOf) {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  const said =
    personIds.length === 0
      ? 'Graph has something to say about the subscription'
      : `Graph notifies: look at ${whom(personIds, nameOf)}`;
  const text = `${said}${again}`;
  const taken = status >= 200 && status < 300;
  if (taken)
    return { text, tone: 'plain', detail: `the app answered ${status} in ${Math.round(durationMs)} ms` };
  const answer = status ? `the app answered ${status}` : 'the app didn’t answer';
  return { text, tone: 'trouble', detail: `${answer}; Graph tries again` };
}

/**
 * @param {import('./api.js').SimEvent} event
 * @param {(id: string) => string} nameOf
 * @returns {Entry | undefined}
 */
function appLine({ time, line, level }, nameOf) {
  const about = typeof line === 'object' && line !== null ? line : {};
  const personIds = about.personId ? [about.personId] : [];
  const name = about.personId ? nameOf(about.personId) : '';
  const told = appLines[about.event]?.(about, name);
  if (told) return { time, icon: 'decide', tone: 'plain', personIds, ...told };
  if (level !== 'error' && level !== 'warning') return undefined;
  const text = typeof line === 'string' ? line : (about.message ?? about.event ?? 'The app logged a problem');
  return {
    time,
    icon: 'warning',
    tone: level === 'error' ? 'trouble' : 'plain',
    text: String(text).slice(0, 300),
    personIds,
  };
}
