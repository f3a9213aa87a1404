// @ts-check
import { advanceClock, askLauncher, readAppState, Refused } from './api.js';
import { el, find, setText } from './dom.js';
import { say } from './say.js';
import { duration, several } from './words.js';

/** @typedef {import('./api.js').AppState} AppState */

const readMs = 1500;
const daySeconds = 24 * 3600;

/**
 * What the app keeps about its own work: the sweep, the subscription, removals that wait, and the breaker.
 * @param {import('./tenant.js').Tenant} tenant
 */
export function createUpkeep(tenant) {
  const progress = /** @type {HTMLProgressElement} */ (find('#sweep-progress'));
  const confirm = find('#breaker-confirm');
  const resume = find('#breaker-resume');
  let stopId = '';

  /** @param {AppState | null} state */
  function show(state) {
    find('#upkeep-missing').hidden = state !== null;
    find('#upkeep').hidden = state === null;
    if (state === null) return;
    const now = tenant.now();
    showSweep(state);
    setText(find('#subscription-now'), subscription(state, now));
    setText(find('#removals-now'), removals(state, now));
    showBreaker(state);
  }

  /** @param {AppState} state */
  function showSweep({ sweep, records }) {
    const isRunning = sweep !== null && sweep.finishedAt === '';
    const of = sweep?.peopleBefore || tenant.all().length || 1;
    progress.hidden = !isRunning;
    progress.value = sweep === null ? 0 : Math.min(1, sweep.seen / of);
    const [last] = records;
    const text = isRunning
      ? `Looks at everybody: ${sweep.seen} of about ${of}`
      : last === undefined
        ? 'None yet'
        : `${last.outcome}, ${ago(last.startedAt)}: ${found(last)}`;
    setText(find('#sweep-now'), text);
    const items = records.map(
      (record) =>
        `${ago(record.startedAt)}, ${duration(record.durationMs)}: ${found(record)}. ${record.reason}`,
    );
    const list = find('#sweep-records');
    if ([...list.children].map((item) => item.textContent).join('\n') === items.join('\n')) return;
    list.replaceChildren(...items.map((item) => el('li', {}, item)));
  }

  /** Storage tells the times of a sweep by the machine's clock, which the simulator's may be ahead of. @param {string} iso */
  const ago = (iso) => `${duration(Date.now() - Date.parse(iso))} ago`;

  /** @param {AppState['records'][number]} record */
  const found = ({ counts: { seen, changed, unannounced, failed } }) =>
    [
      several(seen, 'person', 'people'),
      `${changed} changed`,
      `${unannounced} of them unannounced`,
      ...(failed ? [`${failed} failed`] : []),
    ].join(', ');

  /** @param {AppState} state */
  function removals({ removals: waiting }, now) {
    if (waiting.length === 0) return 'None waits';
    const each = waiting.slice(0, 5).map(({ personId, since, filesDueAt }) => {
      if (filesDueAt) return `${tenant.nameOf(personId)}: cleared, files go ${until(filesDueAt, now)}`;
      return `${tenant.nameOf(personId)}: gone for ${duration(now - Date.parse(since))}, to be confirmed`;
    });
    const more = waiting.length - each.length;
    return [...each, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  }

  /** @param {AppState} state */
  function showBreaker({ breaker, pausedBecause }) {
    const isStopped = breaker !== null && breaker.resumedAt === '';
    stopId = isStopped ? breaker.stopId : '';
    find('#breaker-stopped').hidden = !isStopped;
    find('#breaker-now').dataset.tone = isStopped || pausedBecause ? 'trouble' : '';
    setText(find('#breaker-setting'), `BREAKER_RESUME=${stopId}`);
    const calm = breaker?.resumedAt ? 'Let go on after a stop' : 'Closed: the app may write';
    const text = isStopped ? `Stopped all writing: ${breaker.reason}` : calm;
    setText(find('#breaker-now'), pausedBecause ? `Paused by an admin: ${pausedBecause}` : text);
    if (!isStopped) ask(false);
  }

  /** @param {boolean} isAsking */
  function ask(isAsking) {
    confirm.hidden = !isAsking;
    resume.hidden = isAsking;
  }

  /** @type {(done: string, act: () => Promise<unknown>) => Promise<void>} */
  async function attempt(done, act) {
    try {
      await act();
      say(done);
    } catch (error) {
      say(error instanceof Refused ? error.message : 'The simulator can’t be reached.', 'trouble');
    }
  }

  find('#sweep-start').onclick = () => attempt('A sweep begins.', () => askLauncher({ what: 'sweep' }));
  find('#clock-day').onclick = () =>
    attempt('It is a day later in the tenant. Sweep now, and the app does what has become due.', () =>
      advanceClock(daySeconds),
    );
  resume.onclick = () => {
    ask(true);
    find('#breaker-no').focus();
  };
  find('#breaker-no').onclick = () => {
    ask(false);
    resume.focus();
  };
  find('#breaker-yes').onclick = () => {
    const id = stopId;
    ask(false);
    void attempt('The app starts again with BREAKER_RESUME. Sweep then, and it writes what was left.', () =>
      askLauncher({ what: 'resume', stopId: id }),
    );
  };

  const read = () => readAppState().then(show, () => {});
  setInterval(() => !document.hidden && void read(), readMs);
  return { read };
}

/** @type {(state: AppState, now: number) => string} */
function subscription({ subscriptions }, now) {
  const [newest] = subscriptions.toSorted((one, other) => (one.validUntil < other.validUntil ? 1 : -1));
  if (newest === undefined) return 'None: Graph tells the app nothing';
  const renewed = newest.renewedAt
    ? `renewed ${duration(now - Date.parse(newest.renewedAt))} ago`
    : 'not renewed yet';
  return `ends ${until(newest.validUntil, now)}, ${renewed}`;
}

/** @type {(iso: string, now: number) => string} */
function until(iso, now) {
  const ms = Date.parse(iso) - now;
  return ms > 0 ? `in ${duration(ms)}` : 'now';
}
