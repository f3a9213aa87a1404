// @ts-check
import { createActions } from './actions.js';
import { createActivity } from './activity.js';
import { readFaults } from './api.js';
import { describeEvent } from './describe-event.js';
import { readable } from './condense.js';
import { el, find, setText } from './dom.js';
import { followEvents } from './event-stream.js';
import { createFaults } from './faults.js';
import { createFlow, lightFor } from './flow.js';
import { createPeopleList } from './people.js';
import { createPersonDialog } from './person-dialog.js';
import { createTenant } from './tenant.js';
import { createUpkeep } from './upkeep.js';

/** The strip shows what happens now; what happened before the page was opened is only in the feed. */
const nowMs = 4000;

const tenant = createTenant((changed, before) => {
  list.update();
  dialog.update();
  nameEverybody();
  for (const person of changed) {
    if (!hasArrived(before.get(person.id), person)) continue;
    list.flash(person.id);
    actions.arrived(person);
  }
});
const actions = createActions(tenant);
const activity = createActivity(tenant);
const dialog = createPersonDialog(tenant, actions, (person) => activity.showOnly(person.displayName));
const list = createPeopleList(tenant, { onDraw: actions.draw, onMore: dialog.open });
const flow = createFlow();
const upkeep = createUpkeep(tenant);
const faults = createFaults((troubles) => {
  // Graph is what the app looks at before it decides; that it notifies is another thing, and goes on.
  flow.mark('apply', troubles.Graph ?? troubles.Identity);
  flow.mark('sharepoint', troubles.SharePoint);
});

/**
 * A new photo is in SharePoint: also one that got there before the page had seen the two differ.
 * @type {(before: import('./api.js').Person | undefined, now: import('./api.js').Person) => boolean}
 */
const hasArrived = (before, { inSync, source }) =>
  before !== undefined &&
  inSync &&
  (!before.inSync || (source !== null && before.source?.etag !== source.etag));

/** @type {(connection: 'connected' | 'lost') => void} */
function showConnection(connection) {
  const place = find('#connection');
  place.dataset.state = connection;
  setText(place, connection === 'connected' ? 'Connected' : 'Connection lost, trying again');
}

/** @param {import('./api.js').SimEvent} event */
function follow(event) {
  const isNow = Math.abs(tenant.now() - Date.parse(event.time)) < nowMs;
  const entry = describeEvent(event, tenant.nameOf, personIn);
  if (entry) activity.add(entry);
  if (isNow) lightFor(event, flow, tenant.nameOf);

  const line = event.line;
  if (event.type === 'clock') tenant.setClockOffset(event.clockOffsetSeconds);
  if (event.type === 'app') activity.appLog(true);
  if (line?.event === 'photo-decided' || line?.event === 'photo-retry') {
    tenant.decided(line, event.time);
    const person = tenant.get(line.personId);
    if (person && isNow) actions.decided(person, line);
  }
  if (changesPictures(event)) tenant.refresh();
  if (event.type === 'fault' || (event.type === 'request' && event.status >= 429)) readFaultsSoon();
}

/** @param {import('./api.js').SimEvent} event */
const changesPictures = ({ type, ...event }) =>
  type === 'change' ||
  type === 'clock' ||
  type === 'synced' ||
  event.line?.event === 'photo-decided' ||
  (type === 'request' && event.method !== 'GET' && event.service !== 'graph' && event.service !== 'identity');

let readingFaults = 0;
function readFaultsSoon() {
  if (readingFaults) return;
  readingFaults = setTimeout(() => {
    readingFaults = 0;
    void faults.refresh();
  }, 400);
}

/**
 * Who a request is about: by the object id in its path, or by the account name in SharePoint's.
 * @param {import('./api.js').SimEvent} request
 */
function personIn({ path, inner = [] }) {
  const text = [path, ...inner.map((/** @type {{ path: string }} */ part) => part.path)].join(' ');
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase();
  if (id && tenant.get(id)) return id;
  const account = /membership(?:\||%7c)([^'&\s]+)/i.exec(text)?.[1];
  if (!account) return undefined;
  const wanted = readable(account).toLowerCase();
  return tenant.all().find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === wanted)?.id;
}

let named = 0;
/** Offers everybody's name where one looks for somebody's activity. */
function nameEverybody() {
  const people = tenant.all();
  if (people.length === named) return;
  named = people.length;
  find('#people-names').replaceChildren(
    ...people.map(({ displayName }) => el('option', { value: displayName })),
  );
}

followEvents({
  onState: async (state) => {
    tenant.setClockOffset(state.clockOffsetSeconds);
    activity.appLog(state.appLogConnected);
    faults.show(await readFaults());
    await Promise.all([tenant.read(), upkeep.read()]);
  },
  onEvent: follow,
  onConnection: showConnection,
});
