// @ts-check
import { sharePointPictureUrl, sourcePictureUrl } from './api.js';
import { find, fromTemplate, setText } from './dom.js';
import { counted, duration } from './words.js';

/** @typedef {import('./api.js').Person} Person */

/**
 * The two pictures of a person and the verdict between them.
 * @param {HTMLElement} into
 */
export function createPair(into) {
  into.replaceChildren(fromTemplate('pair-template'));
  const source = createPicture(find('[data-where="source"] .frame', into));
  const sharePoint = createPicture(find('[data-where="sharePoint"] .frame', into));
  const badge = find('.badge', into);
  const badgeText = find('span', badge);
  const badgeIcon = /** @type {SVGUseElement} */ (badge.querySelector('use'));
  const took = find('.took', into);

  return {
    /** @type {(person: Person, now: number) => void} */
    show(person, now) {
      const { displayName: name, inSync } = person;
      source(sourcePictureUrl(person), `Photo of ${name} in Microsoft 365`, 'No photo');
      const missing = person.sharePoint === null ? 'No profile' : 'No picture';
      sharePoint(sharePointPictureUrl(person), `Picture of ${name} in SharePoint`, missing);
      into.dataset.sync = inSync ? 'yes' : 'no';
      setText(badgeText, inSync ? 'In sync' : 'Not in sync');
      const symbol = `icons.svg#${inSync ? 'yes' : 'no'}`;
      if (badgeIcon.getAttribute('href') !== symbol) badgeIcon.setAttribute('href', symbol);
      this.tick(person, now);
    },
    /** @type {(person: Person, now: number) => void} */
    tick(person, now) {
      setText(took, howLong(person, now));
    },
  };
}

/** @type {(person: Person, now: number) => string} */
function howLong({ inSync, syncedAfterMs, photoChangedAt }, now) {
  if (inSync) return typeof syncedAfterMs === 'number' ? `arrived in ${duration(syncedAfterMs)}` : '';
  const since = photoChangedAt ? Date.parse(photoChangedAt) : Number.NaN;
  return Number.isNaN(since) ? '' : `for ${counted(now - since)}`;
}

/**
 * A frame of fixed size, so that nothing moves when a picture comes or goes.
 * @param {HTMLElement} frame
 */
function createPicture(frame) {
  const image = /** @type {HTMLImageElement} */ (find('img', frame));
  const instead = find('span', frame);
  /** @type {string | undefined} */
  let shown;
  let whenMissing = '';

  image.onload = () => {
    image.hidden = false;
    setText(instead, '');
  };
  image.onerror = () => {
    image.hidden = true;
    setText(instead, 'Can’t be shown');
  };

  /** @type {(url: string | undefined, alt: string, missing: string) => void} */
  return (url, alt, missing) => {
    if (image.alt !== alt) image.alt = alt;
    if (url === shown && missing === whenMissing) return;
    whenMissing = missing;
    if (url === undefined) {
      image.removeAttribute('src');
      image.hidden = true;
      setText(instead, missing);
    } else if (url !== shown) {
      image.src = url;
    }
    shown = url;
  };
}
