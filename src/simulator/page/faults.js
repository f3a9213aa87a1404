// @ts-check
import { readFaults, setFaults } from './api.js';
import { el, find, setText } from './dom.js';
import { say } from './say.js';
import { several } from './words.js';

/** @typedef {import('./api.js').Fault} Fault */
/** @typedef {'up' | 'throttled' | 'down'} Health */

const retryAfterSeconds = 5;

/** A service as people think of it, and the simulated hosts behind it. */
const services = [
  { name: 'Graph', hosts: ['graph'], what: 'people, photos' },
  { name: 'SharePoint', hosts: ['root', 'mysite', 'admin'], what: 'profiles, pictures' },
  { name: 'Identity', hosts: ['identity'], what: 'the app’s tokens' },
];

/** @type {Record<Health, { label: string, title: string, fault: Fault | undefined }>} */
const healths = {
  up: { label: 'Up', title: 'answers as usual', fault: undefined },
  throttled: {
    label: 'Throttled',
    title: `answers 429 with Retry-After ${retryAfterSeconds}`,
    fault: { status: 429, retryAfterSeconds },
  },
  down: { label: 'Down', title: 'answers 503 to everything', fault: { status: 503 } },
};

/**
 * A switch for each service. The page sets the whole list of faults at once, so what it shows is what holds.
 * @param {(troubles: Record<string, string>) => void} onTroubles what is wrong, by the name of the service
 */
export function createFaults(onTroubles) {
  const place = find('#services');
  const clear = find('#faults-clear');
  const others = find('#faults-others');
  place.replaceChildren(...services.map(createSwitch));

  /** @type {Fault[]} as far as the page knows */
  let inForce = [];

  /** @param {Fault[]} faults in force */
  function show(faults) {
    inForce = faults;
    let explained = 0;
    /** @type {Record<string, string>} */
    const troubles = {};
    for (const { name, hosts } of services) {
      const own = faults.filter((fault) => hosts.includes(fault.service ?? '') && healthOf(fault));
      const kinds = new Set(own.map(healthOf));
      const [only] = kinds;
      const health = only && kinds.size === 1 && own.length === hosts.length ? only : 'up';
      if (health !== 'up') explained += own.length;
      const hits = own.reduce((sum, fault) => sum + (fault.hits ?? 0), 0);
      const radio = /** @type {HTMLInputElement} */ (find(`input[name="${name}"][value="${health}"]`, place));
      radio.checked = true;
      const about = find(`[data-hits="${name}"]`, place);
      setText(about, hits === 0 ? (about.dataset.what ?? '') : several(hits, 'refusal'));
      if (health !== 'up') troubles[name] = `${name} ${healths[health].label.toLowerCase()}`;
    }
    onTroubles(troubles);
    const left = faults.length - explained;
    others.hidden = left === 0;
    setText(others, left === 0 ? '' : `${several(left, 'other fault')} in force, set from elsewhere.`);
    // Not `disabled`, which would throw the focus away when it is pressed.
    clear.setAttribute('aria-disabled', String(faults.length === 0));
  }

  /** @type {(faults: Fault[], done: string) => Promise<void>} */
  async function set(faults, done) {
    try {
      show(await setFaults(faults));
      say(done);
    } catch {
      say('The switch didn’t work: the simulator can’t be reached.', 'trouble');
      show(inForce);
    }
  }

  const refresh = () => readFaults().then(show, () => {});

  place.onchange = ({ target }) => {
    const { name, value } = /** @type {HTMLInputElement} */ (target);
    const faults = services.flatMap(({ name: each, hosts }) => {
      const chosen = /** @type {HTMLInputElement} */ (find(`input[name="${each}"]:checked`, place));
      const fault = healths[/** @type {Health} */ (chosen.value)].fault;
      return fault ? hosts.map((service) => ({ service, ...fault })) : [];
    });
    const kept =
      name === 'Identity' && value !== 'up' ? ' The app keeps the tokens it has while they are valid.' : '';
    void set(faults, `${name} ${healths[/** @type {Health} */ (value)].title}.${kept}`);
  };
  clear.onclick = () => {
    if (clear.getAttribute('aria-disabled') !== 'true') void set([], 'All services answer as usual.');
  };

  return { show, refresh };
}

/** @param {typeof services[number]} service */
function createSwitch({ name, what }) {
  const options = Object.entries(healths).map(([value, { label, title }]) => {
    const input = el('input', { type: 'radio', name, value });
    input.checked = value === 'up';
    return el('label', { title, 'data-health': value }, input, el('span', {}, label));
  });
  return el(
    'fieldset',
    {},
    el('legend', { class: 'unseen' }, `${name}: ${what}`),
    el(
      'div',
      { class: 'service' },
      el(
        'div',
        { class: 'service-about', 'aria-hidden': 'true' },
        el('b', {}, name),
        el('span', { 'data-hits': name, 'data-what': what }, what),
      ),
      el('div', { class: 'choices' }, ...options),
    ),
  );
}

/**
 * The switch position a fault stands for, if it is one that this page sets.
 * @param {Fault} fault
 * @returns {Health | undefined}
 */
function healthOf({ status, match, times, delayMs, after, kind, probability }) {
  if (match || times || delayMs || after || kind || (probability ?? 1) < 1) return undefined;
  return status === 429 ? 'throttled' : status === 503 ? 'down' : undefined;
}
