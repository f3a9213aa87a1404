// @ts-check
import { el, find } from './dom.js';

const shownMs = 7000;

let hide = 0;

/**
 * One short sentence about something the person at the page did, seen and heard. The feed of everything else is
 * no live region: it would never stop talking.
 *
 * @param {string} sentence
 * @param {'done' | 'trouble'} [tone]
 */
export function say(sentence, tone = 'done') {
  // Outside an open modal dialog nothing is heard, and little is seen.
  const place = find(document.querySelector('dialog[open]') ? 'dialog[open] .said' : '#said');
  for (const other of document.querySelectorAll('.said')) if (other !== place) other.replaceChildren();
  place.dataset.tone = tone;
  place.replaceChildren(el('p', {}, sentence));
  clearTimeout(hide);
  hide = setTimeout(() => place.replaceChildren(), shownMs);
}
