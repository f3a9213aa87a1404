// @ts-check
import { condense, requestLine, summary } from './condense.js';
import { el, find, icon, setText } from './dom.js';
import { timeOfDay } from './words.js';

/** @typedef {import('./describe-event.js').Entry} Entry */

const mostKept = 400;
const mostShown = 120;
const drawMs = 120;

/**
 * The feed, newest first. It keeps the last few hundred entries, shows fewer, and draws at most a few times a second.
 * @param {import('./tenant.js').Tenant} tenant
 */
export function createActivity(tenant) {
  const feed = find('#feed');
  const filter = /** @type {HTMLFormElement} */ (find('#activity-filter'));
  const pause = find('#activity-pause');
  const person = /** @type {HTMLInputElement} */ (find('[name="person"]', filter));
  const withRequests = /** @type {HTMLInputElement} */ (find('[name="requests"]', filter));
  /** @type {Entry[]} oldest first */
  let kept = [];
  /** @type {Entry[]} not drawn yet, oldest first */
  let fresh = [];
  /** @type {WeakMap<Entry, HTMLElement>} */
  const drawn = new WeakMap();
  /** @type {Set<string> | undefined} undefined: everyone */
  let wanted;
  let paused = false;
  let missed = 0;
  let due = false;

  /** @param {Entry} entry */
  const passes = (entry) =>
    (withRequests.checked || !entry.requests) && (!wanted || entry.personIds.some((id) => wanted?.has(id)));

  function drawSoon() {
    if (due || paused) return;
    due = true;
    setTimeout(() => {
      due = false;
      const entries = fresh;
      fresh = [];
      show(entries);
    }, drawMs);
  }

  /** @param {Entry[]} entries oldest first */
  function show(entries) {
    const items = entries.filter(passes).slice(-mostShown).map(draw).reverse();
    feed.prepend(...items);
    while (feed.children.length > mostShown) feed.lastElementChild?.remove();
    find('#feed-none').hidden = feed.children.length > 0;
  }

  function redraw() {
    fresh = [];
    feed.replaceChildren();
    show(kept);
  }

  /** @param {Entry} entry */
  function draw(entry) {
    const item = el('li', { class: 'entry', 'data-tone': entry.tone });
    drawn.set(entry, item);
    const said = el('div', { class: 'entry-text' });
    if (entry.tag) said.append(el('b', { class: 'tag', 'data-plan': entry.tag }, entry.tag), ' ');
    if (entry.requests) said.append(el('details', {}, el('summary'), el('ul', { class: 'requests' })));
    else said.append(el('span', { class: 'entry-said' }, entry.text));
    if (entry.detail) said.append(el('span', { class: 'entry-detail' }, entry.detail));
    item.append(icon(entry.icon), said, el('time', { datetime: entry.time }, timeOfDay(entry.time)));
    refill(entry, item);
    return item;
  }

  filter.oninput = () => {
    const text = person.value.trim().toLowerCase();
    const match = tenant
      .all()
      .filter((one) => `${one.displayName} ${one.userPrincipalName}`.toLowerCase().includes(text));
    wanted = text === '' ? undefined : new Set(match.map(({ id }) => id));
    redraw();
  };
  filter.onsubmit = (event) => event.preventDefault();

  pause.onclick = () => {
    paused = !paused;
    missed = 0;
    pause.setAttribute('aria-pressed', String(paused));
    setText(pause, 'Pause');
    if (!paused) redraw();
  };

  return {
    /** @param {Entry} entry */
    add(entry) {
      const before = condense(kept, entry);
      if (before) {
        const item = drawn.get(before);
        if (item && !paused) refill(before, item);
        return;
      }
      if (entry.requests) entry.text = summary(entry.requests);
      kept.push(entry);
      if (kept.length > mostKept) kept = kept.slice(-mostKept);
      if (paused) setText(pause, `Paused, ${(missed += 1)} new`);
      else fresh.push(entry);
      drawSoon();
    },
    /** @param {string} name */
    showOnly(name) {
      person.value = name;
      filter.dispatchEvent(new Event('input'));
      person.focus();
    },
    /** @param {boolean} connected */
    appLog(connected) {
      find('#app-log-missing').hidden = connected;
    },
  };
}

/** Brings what is drawn up to what the entry holds by now. @type {(entry: Entry, item: HTMLElement) => void} */
function refill({ tone, text, requests }, item) {
  item.dataset.tone = tone;
  setText(find(requests ? 'summary' : '.entry-said', item), text);
  if (!requests) return;
  const list = find('ul', item);
  list.append(...requests.slice(list.children.length).map((request) => el('li', {}, requestLine(request))));
}
