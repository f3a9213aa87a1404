// @ts-check
import { el, find, setText } from './dom.js';
import { createPair } from './pair.js';
import { showDecision } from './person-row.js';
import { hush } from './say.js';
import { planInWords } from './words.js';

/** @typedef {import('./api.js').Person} Person */

/**
 * All there is to know about and do to one person. A modal dialog: Escape closes it, and the browser gives the focus
 * back to the button that opened it.
 *
 * @param {import('./tenant.js').Tenant} tenant
 * @param {ReturnType<typeof import('./actions.js').createActions>} actions
 * @param {(person: Person) => void} onActivity
 */
export function createPersonDialog(tenant, actions, onActivity) {
  const dialog = /** @type {HTMLDialogElement} */ (find('#person'));
  const pair = createPair(find('#person-pair'));
  const file = /** @type {HTMLInputElement} */ (find('#person-file'));
  const job = /** @type {HTMLFormElement} */ (find('#person-job'));
  const jobTitle = /** @type {HTMLInputElement} */ (find('#person-job-title'));
  const remove = /** @type {HTMLButtonElement} */ (find('#person-remove'));
  /** @type {string | undefined} */
  let id;

  /** @param {(person: Person) => unknown} act */
  const withPerson = (act) => {
    const person = id === undefined ? undefined : tenant.get(id);
    if (person) act(person);
  };

  /** @param {Person} person */
  function show(person) {
    setText(find('#person-name'), person.displayName);
    setText(find('#person-title'), person.jobTitle || 'No job title');
    setText(find('#person-note'), person.note ?? '');
    find('#person-note').hidden = !person.note;
    remove.setAttribute('aria-disabled', String(person.source === null));
    pair.show(person, tenant.now());
    find('#person-facts').replaceChildren(...facts(person));
    const line = tenant.decisionOn(person.id);
    if (!line) return;
    const decision = el('dd');
    showDecision(decision, line);
    if (line.plan) decision.append(` (${planInWords(line)})`);
    find('#person-facts').prepend(el('dt', {}, 'The app decided'), decision);
  }

  find('#person-close').onclick = () => dialog.close();
  // With braces: a handler that returns false would keep every button in the dialog from doing its work.
  dialog.onclick = ({ target }) => {
    if (target === dialog) dialog.close();
  };
  dialog.onclose = () => (id = undefined);
  find('#person-draw').onclick = () => withPerson(actions.draw);
  remove.onclick = () => withPerson((person) => person.source && actions.remove(person));
  file.onchange = () => {
    const [chosen] = file.files ?? [];
    if (chosen) withPerson((person) => actions.upload(person, chosen));
    file.value = '';
  };
  job.onsubmit = (event) => {
    event.preventDefault();
    withPerson((person) => actions.changeTitle(person, jobTitle.value.trim()));
  };
  find('#person-visit').onclick = () => withPerson(actions.visit);
  find('#person-activity').onclick = () =>
    withPerson((person) => {
      dialog.close();
      onActivity(person);
    });
  setInterval(() => !document.hidden && withPerson((person) => pair.tick(person, tenant.now())), 1000);

  return {
    /** @param {Person} person */
    open(person) {
      id = person.id;
      jobTitle.value = person.jobTitle;
      setText(
        find('#person-told'),
        `A change here: ${actions.told()} A photo that is removed is taken off SharePoint a day later, if the app wrote it.`,
      );
      show(person);
      hush();
      dialog.showModal();
      find('#person-name').focus();
    },
    update() {
      if (id === undefined) return;
      const person = tenant.get(id);
      if (person) show(person);
      else dialog.close();
    },
  };
}

/**
 * @param {Person} person
 * @returns {Node[]}
 */
function facts({ userPrincipalName, mailbox, userType, accountEnabled, source, sharePoint, id }) {
  const account = [
    userType === 'Guest' ? 'guest' : 'member',
    mailbox ? 'with a mailbox' : 'without a mailbox',
    ...(accountEnabled ? [] : ['disabled']),
  ];
  /** @type {[string, string][]} */
  const rows = [
    ['Account', userPrincipalName],
    ['Kind', account.join(', ')],
    ['Object id', id],
    ['Version of the photo', source?.etag ?? 'none'],
    ['SharePoint points at', sharePoint === null ? 'no profile' : sharePoint.pictureUrl || 'no picture'],
  ];
  return rows.flatMap(([term, text]) => [el('dt', {}, term), el('dd', {}, text)]);
}
