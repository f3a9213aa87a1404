// @ts-check
import { duration, planInWords, serviceInWords, several } from './words.js';

/** @typedef {import('./describe-event.js').Entry} Entry */
/** @typedef {Partial<Entry> & { text: string }} Told */

/** @type {(icon: string, text: string, detail?: string) => Told} */
const plainly = (icon, text, detail) => ({ icon, text, ...(detail && { detail }) });

/** @type {(icon: string, text: string, detail?: string) => Told} */
const trouble = (icon, text, detail) => ({ ...plainly(icon, text, detail), tone: 'trouble' });

/**
 * The app's own lines, by their `event`, in the words of a bystander. One that is not here is shown as it is where it
 * warns, and not at all where it only informs.
 * @type {Record<string, (line: Record<string, any>, name: string) => Told>}
 */
export const appLines = {
  'notifications-received': ({ items, events, refused }) => ({
    icon: 'inbox',
    text: `The app took ${several(items, 'notification')} and queued ${several(events, 'event')}`,
    ...(refused ? { tone: 'trouble', detail: `${refused} refused` } : {}),
  }),
  'notifications-refused': ({ reason, count }) =>
    trouble('inbox', `The app refused ${several(count, 'notification')}`, reason),
  'notifications-not-queued': ({ reason }) =>
    trouble('inbox', 'The app could not queue what Graph told it, and said so', reason),
  'lifecycle-events-received': ({ items }) =>
    plainly('bell', `Graph told the app ${several(items, 'thing')} about its subscription`),
  'lifecycle-events-refused': ({ reason, count }) =>
    trouble('bell', `The app refused ${several(count, 'word')} about its subscription`, reason),
  'lifecycle-events-not-queued': ({ reason }) =>
    trouble('bell', 'The app could not queue what Graph told it of its subscription, and said so', reason),

  'photo-decided': (line, name) => ({
    tag: line.plan,
    tone: line.plan === 'apply' && line.mode === 'apply' ? 'good' : 'still',
    text: `${name}: ${line.reason}`,
    detail: planInWords(line),
    ...(line.code === 'baseline' && { firstSweep: line.reason }),
  }),
  'photo-retry': ({ service, status, reason, delaySeconds }, name) => ({
    icon: 'clock',
    tag: 'retry',
    tone: 'trouble',
    text: `${name}: ${reason ?? `${serviceInWords(service)} answered ${status}`}`,
    detail: `tries again in ${delaySeconds} s`,
  }),
  'photo-left-to-sweep': ({ reason }, name) =>
    trouble('clock', `${name}: tried often enough; the next sweep takes it up`, reason),
  'photo-poisoned': ({ reason, queue }, name) =>
    trouble('warning', `${name || 'A message'}: gave up for now`, [queue, reason].filter(Boolean).join(': ')),
  'poison-not-recorded': ({ reason }, name) =>
    trouble('warning', `${name}: could not note that it gave up; it does so later`, reason),
  'failure-not-noted': ({ reason }, name) =>
    trouble('warning', `${name}: could not note what failed; it is tried again all the same`, reason),

  'subscription-created': ({ reason }) => plainly('bell', 'The app asked Graph for notifications', reason),
  'subscription-replaced': ({ reason }) =>
    plainly('bell', 'The app has another subscription in place of its old one', reason),
  'subscription-renewed': ({ reason }) => plainly('bell', 'The app renewed its subscription', reason),
  'subscription-removed': ({ reason }) => plainly('bell', 'The app gave up a subscription', reason),
  'subscription-refused': ({ reason }) => trouble('bell', 'Graph refused the subscription', reason),
  'subscription-waiting': ({ reason }) => plainly('bell', 'The app waits with its subscription', reason),
  'subscription-stranger': ({ host, reason }) =>
    trouble('bell', `Graph also notifies ${host}, which is not this app`, reason),
  'subscription-endpoint-unready': ({ reason }) =>
    trouble('bell', 'The app’s own address does not answer yet, so it asks Graph for nothing', reason),
  'subscription-event': ({ events }) =>
    plainly('bell', 'The app looks after its subscription', `Graph said: ${[events].flat().join(', ')}`),
  'subscription-event-waiting': ({ reason }) =>
    plainly('bell', 'The app looks after its subscription in a moment', reason),
  'subscription-event-retry': ({ service, status, delaySeconds }) =>
    trouble(
      'bell',
      'The app could not look after its subscription',
      `${serviceInWords(service?.toLowerCase())} answered ${status ?? 'nothing'}; tries again in ${delaySeconds} s`,
    ),
  'subscription-event-poisoned': ({ reason }) =>
    trouble('bell', 'The app gave up on what Graph told it of its subscription', reason),

  'sweep-started': ({ reason }) => plainly('decide', 'A sweep begins: the app looks at everybody', reason),
  'sweep-wanted': ({ reason }) =>
    plainly('decide', 'Another sweep begins when the present one is over', reason),
  'sweep-finished': ({ outcome, seen, changed, unannounced, failed, durationMs }) =>
    outcome === 'complete'
      ? {
          ...plainly('decide', `A sweep looked at ${several(seen, 'person', 'people')}`),
          tone: 'good',
          detail: [
            `${changed} changed`,
            `${unannounced} of them unannounced`,
            ...(failed ? [`${failed} failed`] : []),
            duration(durationMs),
          ].join(', '),
        }
      : trouble('decide', 'A sweep gave up; the next one begins anew', `${seen} seen`),
  'sweep-restarted': () => trouble('decide', 'Graph no longer knew the sweep’s next page: it begins anew'),
  'sweep-page-retry': ({ reason, delaySeconds }) =>
    trouble('decide', `The sweep waits: ${reason}`, `goes on in ${delaySeconds} s`),
  'sweep-page-poisoned': ({ reason }) =>
    trouble('decide', 'A page of the sweep failed five times; the timer takes it up', reason),
  'sweep-not-requested': ({ reason }) =>
    trouble('decide', 'A sweep could not be asked for; the next one does the work', reason),

  'breaker-stopped': ({ reason }) => trouble('warning', 'The breaker stopped all writing', reason),
  'breaker-resumed': () => plainly('decide', 'The breaker lets the app write again'),
  'breaker-resume-unknown': ({ reason }) =>
    trouble('warning', 'The app is told to write again after another stop than the present one', reason),
  'mode-not-noted': ({ reason }) =>
    trouble('warning', 'The app could not note whether it writes now; it does so later', reason),
  'write-not-given-back': ({ reason }) =>
    trouble('warning', 'The app counted a write of the day that came to nothing', reason),
  'writes-stopped': ({ reason }) => trouble('warning', 'The app writes nothing more today', reason),

  'scope-known': ({ reason }) => plainly('person', 'The app knows again for whom to write', reason),
  'scope-unknown': ({ reason }) => trouble('person', 'The app does not know for whom to write', reason),
  'scope-waiting': ({ reason }) => plainly('person', 'The app waits before it reads the groups', reason),
  'scope-not-read': ({ reason }) => trouble('person', 'The app could not read the groups', reason),

  'removal-waiting': ({ reason }) => plainly('clock', 'The app waits before it takes itself back', reason),
  'removal-goes-on': ({ restored, open }) =>
    plainly(
      'clock',
      'The app takes itself back',
      `${several(restored, 'picture')} of before shown again, ${open} to go`,
    ),
  'removal-done': ({ restored, notRestored }) => ({
    ...plainly('decide', 'The app took itself back and writes no more'),
    tone: 'good',
    detail: `${several(restored, 'picture')} of before shown again, ${notRestored} not`,
  }),
  'removal-failed': ({ reason }) => trouble('clock', 'The app could not take itself back yet', reason),

  'doctor-passed': () => ({
    ...plainly('decide', 'The doctor tried everything that a write needs, and all went well'),
    tone: 'good',
  }),
  'doctor-failed': ({ step, reason }) =>
    trouble('warning', `The doctor found something wrong${step ? `: ${step}` : ''}`, reason),
  'request-retry': ({ reason, delaySeconds }) =>
    trouble('clock', `An admin’s request waits: ${reason}`, `tries again in ${delaySeconds} s`),
  'message-of-later-version': ({ reason }) =>
    trouble('warning', 'A message waits for a later version of the app', reason),
  'request-poisoned': ({ reason }) => trouble('warning', 'An admin’s request failed five times', reason),

  'heartbeat-not-told': ({ reason }) => trouble('clock', 'The app could not say that it is alive', reason),

  'settings-invalid': ({ problems }) =>
    trouble('warning', 'The app’s settings are wrong', [problems].flat().join('; ')),
};
