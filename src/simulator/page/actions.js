// @ts-check
import { changeJobTitle, drawPhoto, Refused, removePhoto, uploadPhoto, visitSharePoint } from './api.js';
import { find } from './dom.js';
import { say } from './say.js';
import { duration, planInWords } from './words.js';

/** @typedef {import('./api.js').Person} Person */

/** What the simulator takes. */
const mostBytes = 20 * 1024 * 1024;

/** What comes of a visit. */
const visits = new Map([
  ['pulled', 'it shows its own thumbnails of the photo now'],
  ['pulled-today', 'it took the photo less than a day ago, and leaves it'],
  ['no-profile', 'there is no profile yet'],
  ['no-mailbox', 'it takes no photo without a mailbox'],
  ['no-photo', 'there is no photo to take'],
]);

/**
 * What one can do to a person, and the sentence one hears when it has worked out.
 * @param {import('./tenant.js').Tenant} tenant
 */
export function createActions(tenant) {
  const notify = /** @type {HTMLInputElement} */ (find('#notify'));
  /** @type {Map<string, 'photo' | 'title'>} what the person at the page waits to see the end of */
  const awaited = new Map();

  /** @type {(person: Person, what: 'photo' | 'title', done: string, act: () => Promise<unknown>) => Promise<void>} */
  async function attempt(person, what, done, act) {
    awaited.set(person.id, what);
    try {
      await act();
      say(done);
      tenant.refresh();
    } catch (error) {
      awaited.delete(person.id);
      const why = error instanceof Refused ? error.message : 'The simulator can’t be reached.';
      say(`That didn’t work for ${person.displayName}. ${why}`, 'trouble');
    }
  }

  const told = () => (notify.checked ? 'Graph notifies the app.' : 'Graph says nothing about it.');
  const draw = (/** @type {Person} */ { id }) => drawPhoto(id, crypto.randomUUID(), notify.checked);

  return {
    told,
    /** @param {Person} person */
    draw: (person) =>
      attempt(person, 'photo', `${person.displayName} has a new photo. ${told()}`, () => draw(person)),
    /** @type {(person: Person, file: Blob) => Promise<void>} */
    upload: (person, file) =>
      attempt(person, 'photo', `${person.displayName} has a new photo. ${told()}`, async () => {
        if (file.size === 0) throw new Refused('The file is empty.');
        if (file.size > mostBytes) throw new Refused('The file is larger than 20 MB.');
        await uploadPhoto(person.id, file, notify.checked);
      }),
    /** @param {Person} person */
    remove: (person) =>
      attempt(person, 'photo', `${person.displayName} has no photo any more. ${told()}`, () =>
        removePhoto(person.id, notify.checked),
      ),
    /** @type {(person: Person, jobTitle: string) => Promise<void>} */
    changeTitle: (person, jobTitle) =>
      attempt(person, 'title', `${person.displayName}’s job title is changed. Graph notifies the app.`, () =>
        changeJobTitle(person.id, jobTitle),
      ),

    /** @param {Person} person */
    async visit({ id, displayName }) {
      try {
        const { visit } = await visitSharePoint(id);
        say(`${displayName} visits SharePoint: ${visits.get(visit) ?? visit}.`);
        tenant.refresh();
      } catch {
        say('The simulator can’t be reached.', 'trouble');
      }
    },

    /** @param {Person} person who has just come in sync */
    arrived(person) {
      if (awaited.get(person.id) !== 'photo') return;
      awaited.delete(person.id);
      if (person.source === null) return;
      const after = person.syncedAfterMs ? `, after ${duration(person.syncedAfterMs)}` : '';
      say(`SharePoint shows the same picture of ${person.displayName}${after}.`);
    },
    /** @type {(person: Person, line: Record<string, any>) => void} */
    decided(person, line) {
      if (!awaited.has(person.id) || line.plan === 'apply') return;
      if (awaited.get(person.id) === 'title') awaited.delete(person.id);
      const { plan, reason, delaySeconds } = line;
      const outcome = planInWords(line);
      if (plan) say(`The app’s decision about ${person.displayName}: ${plan}, ${outcome}. ${reason}`);
      else say(`The app tries again for ${person.displayName} in ${delaySeconds} s. ${reason}`);
    },
  };
}
