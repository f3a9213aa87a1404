// @ts-check
import { find, setText } from './dom.js';
import { duration, whom } from './words.js';

/** @typedef {'photo' | 'notification' | 'receive' | 'queue' | 'apply' | 'sharepoint'} Step */

const litMs = 1600;
/** Steps follow each other within milliseconds; the eye needs longer. */
const betweenMs = 140;
const mostWaiting = 12;

/** The strip that shows the way of a photo, each step lit as it happens. */
export function createFlow() {
  const strip = find('#flow');
  /** @type {{ step: Step, text: string, tone: string }[]} */
  const waiting = [];
  /** @type {Map<Step, ReturnType<typeof setTimeout>>} */
  const dims = new Map();
  const lasts = [...strip.querySelectorAll('.step-last')].map((last) => ({ last, text: last.textContent }));
  let running = false;

  /** With a new photo the way begins afresh: what the last one left behind is not about it. */
  function forget() {
    for (const { last, text } of lasts) if (!last.closest('.lit')) last.textContent = text;
  }

  function next() {
    const light = waiting.shift();
    running = light !== undefined;
    if (!light) return;
    if (light.step === 'photo') forget();
    const item = find(`[data-step="${light.step}"]`, strip);
    setText(find('.step-last', item), light.text);
    item.dataset.tone = light.tone;
    item.classList.add('lit');
    clearTimeout(dims.get(light.step));
    dims.set(
      light.step,
      setTimeout(() => item.classList.remove('lit'), litMs),
    );
    setTimeout(next, betweenMs);
  }

  return {
    /** @type {(step: Step, text: string, tone?: 'good' | 'still' | 'trouble') => void} */
    light(step, text, tone = 'good') {
      if (waiting.length < mostWaiting) waiting.push({ step, text, tone });
      if (!running) next();
    },
    /** @type {(step: Step, trouble: string | undefined) => void} */
    mark(step, trouble = '') {
      setText(find('.step-trouble', find(`[data-step="${step}"]`, strip)), trouble);
    },
  };
}

/**
 * Which steps an event lights.
 *
 * @param {import('./api.js').SimEvent} event
 * @param {ReturnType<typeof createFlow>} flow
 * @param {(id: string) => string} nameOf
 */
export function lightFor(event, flow, nameOf) {
  const name = event.personId ? nameOf(event.personId) : '';
  if (event.type === 'change' && event.what !== 'properties') flow.light('photo', name);
  if (event.type === 'change' && event.what === 'properties')
    flow.light('photo', `${name}: not the photo`, 'still');
  if (event.type === 'change' && !event.notified) flow.light('notification', 'says nothing', 'still');
  if (event.type === 'notification') {
    const ids = event.personIds ?? [];
    flow.light('notification', ids.length === 0 ? 'of the subscription' : whom(ids, nameOf));
    const taken = event.status >= 200 && event.status < 300;
    flow.light('receive', `answered ${event.status || 'nothing'}`, taken ? 'good' : 'trouble');
  }
  if (event.type === 'synced') flow.light('sharepoint', `${name}, ${duration(event.syncedAfterMs)}`);
  if (event.type === 'app') lightForLine(event.line ?? {}, flow, nameOf);
}

/**
 * @param {Record<string, any>} line
 * @param {ReturnType<typeof createFlow>} flow
 * @param {(id: string) => string} nameOf
 */
function lightForLine(line, flow, nameOf) {
  const name = line.personId ? nameOf(line.personId) : '';
  if (line.event === 'notifications-received' && line.events > 0)
    flow.light('queue', `${line.events} put in`);
  if (line.event === 'photo-retry')
    flow.light('apply', `waits ${line.delaySeconds} s, then ${name}`, 'trouble');
  if (line.event === 'photo-poisoned') flow.light('queue', 'gave up on one', 'trouble');
  if (line.event !== 'photo-decided') return;
  const copies = line.plan === 'apply' && line.mode === 'apply';
  flow.light('apply', `${line.plan}: ${name}`, copies ? 'good' : 'still');
}
