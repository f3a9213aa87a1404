// @ts-check
import { readPeople } from './api.js';

/** @typedef {import('./api.js').Person} Person */

const refreshMs = 250;
const decisionMs = 60;

/**
 * The page's copy of the people, and the app's last word on each.
 *
 * @param {(changed: Person[], before: Map<string, Person>) => void} onChange
 */
export function createTenant(onChange) {
  /** @type {Map<string, Person>} in the simulator's order */
  let people = new Map();
  /** @type {Map<string, Record<string, any>>} the app's log line that came last, by person */
  const decisions = new Map();
  let state = /** @type {'idle' | 'reading' | 'again'} */ ('idle');
  let clockOffsetMs = 0;

  async function read() {
    state = 'reading';
    const now = await readPeople().catch(() => undefined);
    const again = /** @type {string} */ (state) === 'again';
    state = 'idle';
    if (again) refresh();
    // Without an answer the simulator is gone: the event stream notices, and reads again when it is back.
    if (!now) return;
    const before = people;
    people = new Map(now.map((person) => [person.id, person]));
    onChange(
      [...people.values()].filter((person) => differs(before.get(person.id), person)),
      before,
    );
  }

  /** Reads soon, once for all that happens meanwhile. */
  function refresh() {
    if (state === 'idle') setTimeout(read, refreshMs);
    state = state === 'idle' ? 'reading' : 'again';
  }

  let due = false;
  /** Once for many: the first connection brings thousands of events. */
  function onDecisionSoon() {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      onChange([], people);
    }, decisionMs);
  }

  return {
    refresh,
    read,
    all: () => [...people.values()],
    /** @param {string} id */
    get: (id) => people.get(id),
    /** @param {string} id */
    nameOf: (id) => people.get(id)?.displayName ?? `somebody unknown (${id.slice(0, 8)})`,
    /** @param {string} id */
    decisionOn: (id) => decisions.get(id),
    /** @type {(line: Record<string, any>, time: string) => void} */
    decided(line, time) {
      const again = Date.parse(time) + line.delaySeconds * 1000;
      const againAt = Number.isNaN(again) ? undefined : new Date(again).toISOString();
      decisions.set(line.personId, { ...line, againAt });
      onDecisionSoon();
    },
    /** @param {number} seconds */
    setClockOffset(seconds) {
      clockOffsetMs = seconds * 1000;
    },
    /** Milliseconds since 1970 by the simulator's clock, which times in events and rows are told by. */
    now: () => Date.now() + clockOffsetMs,
  };
}

/** @typedef {ReturnType<typeof createTenant>} Tenant */

/** @type {(before: Person | undefined, after: Person) => boolean} */
const differs = (before, after) => JSON.stringify(before) !== JSON.stringify(after);
