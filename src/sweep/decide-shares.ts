import type { PhotoEvent } from '../photos/photo-event';

/** Somebody about whom an event is to be sent. */
export interface Finding {
  id: string;
  cause: PhotoEvent['cause'];
  /** Of two with the same cause the earlier goes first: when one was due, or last checked. ISO 8601, or empty. */
  since: string;
}

/** Looks at deferred people are mostly in vain, so they take a small part of a page only. */
const deferredPercent = 5;

/**
 * Deferred people and checks get a share of each page's people, the longest waiting first; all others go at once.
 * @returns the events to send, and how many deferred people wait for a later sweep.
 */
export function decideShares(
  findings: readonly Finding[],
  people: number,
  checkPercent: number,
): { events: Finding[]; postponed: number } {
  const isShared = ({ cause }: Finding) => cause === 'deferred' || cause === 'check';
  const longestFirst = (wanted: Finding['cause']) =>
    findings
      .filter(({ cause }) => cause === wanted)
      .sort((one, other) => (one.since < other.since ? -1 : one.since > other.since ? 1 : 0));
  const deferred = longestFirst('deferred');
  const goOn = deferred.slice(0, shareOf(people, deferredPercent));
  return {
    events: [
      ...findings.filter((finding) => !isShared(finding)),
      ...goOn,
      ...longestFirst('check').slice(0, shareOf(people, checkPercent)),
    ],
    postponed: deferred.length - goOn.length,
  };
}

/** At least one, or nobody would ever come to their turn in a small tenant. */
const shareOf = (people: number, percent: number): number =>
  percent === 0 ? 0 : Math.max(1, Math.floor((people * percent) / 100));
