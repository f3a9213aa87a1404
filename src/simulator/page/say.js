// @ts-check
import { el, find } from './dom.js';

const shownMs = { done: 7000, trouble: 20_000 };

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
  hush();
  place.dataset.tone = tone;
  place.replaceChildren(el('p', {}, sentence));
  hide = setTimeout(hush, shownMs[tone]);
}

/** Takes away what was said last. */
export function hush() {
  clearTimeout(hide);
  for (const place of document.querySelectorAll('.said')) place.replaceChildren();
}
