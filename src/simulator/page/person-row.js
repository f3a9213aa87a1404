// @ts-check
import { el, find, fromTemplate, setText } from './dom.js';
import { createPair } from './pair.js';
import { timeOfDay } from './words.js';

/** @typedef {import('./api.js').Person} Person */
/** @typedef {{ onDraw: (person: Person) => void, onMore: (person: Person) => void }} RowActions */

/**
 * @param {string} id
 * @param {import('./tenant.js').Tenant} tenant
 * @param {RowActions} actions
 */
export function createRow(id, tenant, actions) {
  const element = find('li', fromTemplate('person-template'));
  const pair = createPair(find('.pair', element));
  const draw = find('[data-do="draw"]', element);
  const more = find('[data-do="more"]', element);
  const act = (/** @type {(person: Person) => void} */ action) => () => {
    const person = tenant.get(id);
    if (person) action(person);
  };
  element.dataset.person = id;
  draw.onclick = act(actions.onDraw);
  more.onclick = act(actions.onMore);

  return {
    element,
    /** @param {Person} person */
    show(person) {
      setText(find('.name', element), person.displayName);
      setText(find('.title', element), person.jobTitle || 'No job title');
      setText(find('.note', element), person.note ?? '');
      const decision = tenant.decisionOn(id);
      // That the app found nothing to do at its first look is worth a line only where one wonders why.
      const isDull = person.inSync && decision?.code === 'baseline';
      showDecision(find('.decision', element), isDull ? undefined : decision);
      draw.setAttribute('aria-label', `New picture for ${person.displayName}`);
      more.setAttribute('aria-label', `More about ${person.displayName}`);
      pair.show(person, tenant.now());
    },
    /** Counts on how long the pictures have differed. */
    tick() {
      const person = tenant.get(id);
      if (person && !person.inSync) pair.tick(person, tenant.now());
    },
    flash() {
      element.classList.remove('arrived');
      void element.offsetWidth; // Reading the layout makes the animation start afresh.
      element.classList.add('arrived');
    },
  };
}

/**
 * The app's last word: the plan and its reason, and when it tries again.
 * @param {HTMLElement} element
 * @param {Record<string, any> | undefined} line
 */
export function showDecision(element, line) {
  const plan = line && `${line.plan ?? 'retry'}:`;
  const said = [line?.reason, line?.againAt && `Next try at ${timeOfDay(line.againAt)}.`]
    .filter(Boolean)
    .join(' ');
  if (!plan) element.replaceChildren();
  else if (element.textContent !== `${plan} ${said}`) element.replaceChildren(el('b', {}, plan), ` ${said}`);
}
