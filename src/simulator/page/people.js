// @ts-check
import { find, setText } from './dom.js';
import { createRow } from './person-row.js';
import { several } from './words.js';

/** @typedef {import('./api.js').Person} Person */

const peopleAPage = 20;
const peopleANarrowPage = 8;
const narrow = matchMedia('(max-width: 1020px)');
const quietMs = 700;

/** @type {Record<string, (person: Person) => boolean>} */
const shows = {
  all: () => true,
  out: (person) => !person.inSync,
  awkward: (person) => person.kind !== 'ordinary',
};

/**
 * The list: which people are shown, a page at a time.
 *
 * @param {import('./tenant.js').Tenant} tenant
 * @param {import('./person-row.js').RowActions} actions
 */
export function createPeopleList(tenant, actions) {
  const list = find('#people-list');
  const filters = /** @type {HTMLFormElement} */ (find('#filters'));
  const pages = find('#pages');
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  let rows = new Map();
  let page = 0;
  /** Who stays in view although they came in sync while one was watching. @type {Set<string>} */
  let kept = new Set();

  function matching() {
    const chosen = new FormData(filters);
    const isShown = shows[String(chosen.get('show'))] ?? shows.all;
    const wanted = String(chosen.get('find')).trim().toLowerCase();
    return tenant
      .all()
      .filter((person) => isShown?.(person) || kept.has(person.id))
      .filter((person) => textOf(person).includes(wanted));
  }

  /** Lays the page out again; rows that stay keep their elements, and with them the focus. */
  function layOut() {
    const found = matching();
    kept = new Set(found.map((person) => person.id));
    const size = narrow.matches ? peopleANarrowPage : peopleAPage;
    const last = Math.max(0, Math.ceil(found.length / size) - 1);
    page = Math.min(page, last);
    const visible = found.slice(page * size, (page + 1) * size);
    rows = new Map(visible.map(({ id }) => [id, rows.get(id) ?? createRow(id, tenant, actions)]));
    replaceIfOther(
      list,
      [...rows.values()].map((row) => row.element),
    );
    for (const person of visible) rows.get(person.id)?.show(person);
    find('#people-none').hidden = found.length > 0;
    showPages(pages, page, last);
    return found.length;
  }

  let answer = 0;
  filters.oninput = () => {
    page = 0;
    kept.clear();
    const found = layOut();
    clearTimeout(answer);
    answer = setTimeout(
      () => setText(find('#people-found'), `${several(found, 'person', 'people')} shown`),
      quietMs,
    );
  };
  filters.onsubmit = (event) => event.preventDefault();

  pages.onclick = ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (!button || button.getAttribute('aria-disabled') === 'true') return;
    page += Number(button.dataset.go);
    layOut();
    filters.scrollIntoView({ block: 'start' });
  };

  narrow.onchange = layOut;
  setInterval(() => document.hidden || rows.forEach((row) => row.tick()), 1000);

  return {
    update() {
      layOut();
      const all = tenant.all();
      const out = all.filter((person) => !person.inSync).length;
      const verdict = out === 0 ? 'all in sync' : `${out} not in sync`;
      setText(find('#people-counts'), `${several(all.length, 'person', 'people')}, ${verdict}`);
    },
    /** @param {string} id */
    flash: (id) => rows.get(id)?.flash(),
  };
}

/** @type {(list: HTMLElement, elements: HTMLElement[]) => void} */
function replaceIfOther(list, elements) {
  const same =
    elements.length === list.children.length && elements.every((one, at) => one === list.children[at]);
  if (!same) list.replaceChildren(...elements);
}

/** @type {(pages: HTMLElement, page: number, last: number) => void} */
function showPages(pages, page, last) {
  pages.hidden = last === 0;
  setText(find('#pages-where'), `Page ${page + 1} of ${last + 1}`);
  for (const button of pages.querySelectorAll('button')) {
    const target = page + Number(button.dataset.go);
    // Not `disabled`, which would throw the focus away on the last page.
    button.setAttribute('aria-disabled', String(target < 0 || target > last));
  }
}

/** @param {Person} person */
const textOf = ({ displayName, jobTitle, userPrincipalName, note }) =>
  [displayName, jobTitle, userPrincipalName, note].join(' ').toLowerCase();
