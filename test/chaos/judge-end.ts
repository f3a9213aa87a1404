import type { SimFile, SimPerson } from '../support/control-api';
import type { JudgedEntry, Violation } from './judge-history';
import type { ChaosPerson } from './people';

export interface EndVerdict {
  lost: Violation[];
  olderFace: Violation[];
  leftoverFile: Violation[];
}

const ownUrl = /\/m365-([0-9a-f-]{36})_MThumb\.jpg/;

/**
 * Judges what SharePoint holds and shows when nothing is left to do.
 * @param facts.refusals by name of a file of the app's: when it was last said to be held, or not to be there. That is
 * final, so a file that was there before it may stay.
 */
export function judgeEnd(facts: {
  people: readonly ChaosPerson[];
  shown: readonly SimPerson[];
  files: readonly SimFile[];
  history: readonly JudgedEntry[];
  refusals: ReadonlyMap<string, string>;
}): EndVerdict {
  const verdict: EndVerdict = { lost: [], olderFace: [], leftoverFile: [] };
  const shownOf = new Map(facts.shown.map((person) => [person.id, person]));
  const etagOfFile = new Map<string, string | null | undefined>();
  /** By person: whether the product's last word on the picture's address was to clear it. */
  const wasCleared = new Map<string, boolean>();
  for (const entry of facts.history) {
    if (entry.kind === 'file') etagOfFile.set(entry.path, entry.etag);
    if (entry.kind !== 'property') continue;
    const [, shown] = ownUrl.exec(entry.value) ?? [];
    const [, before] = ownUrl.exec(entry.before) ?? [];
    const personId = shown ?? before;
    if (personId !== undefined) wasCleared.set(personId, shown === undefined);
  }
  const ownFiles = new Map<string, string[]>();
  const held = new Set<string>();
  for (const { path, modifiedAt } of facts.files) {
    const [, name = '', id] = /\/(m365-([0-9a-f-]{36})_.*)$/.exec(path) ?? [];
    if (id !== undefined) ownFiles.set(id, [...(ownFiles.get(id) ?? []), path]);
    if ((facts.refusals.get(name) ?? '') >= modifiedAt) held.add(path);
  }

  for (const { id: personId, isInScope, isUnusable, hasOwnProfile, byHand } of facts.people) {
    const person = shownOf.get(personId);
    if (!person || !isInScope || !hasOwnProfile || byHand) continue;
    const showsOurs = person.sharePoint?.pictureUrl.includes(`m365-${personId}`) === true;
    const files = ownFiles.get(personId) ?? [];
    if (person.source === null) {
      if (showsOurs) verdict.leftoverFile.push({ personId, what: 'the picture was not cleared' });
      const left = files.filter((path) => !held.has(path));
      if (!showsOurs && left.length > 0)
        verdict.leftoverFile.push({ personId, what: `still there: ${left.join(', ')}` });
      continue;
    }
    if (isUnusable || person.inSync) continue;
    verdict.lost.push({ personId, what: `not in sync; shows ${person.sharePoint?.pictureUrl ?? 'nothing'}` });
    for (const path of showsOurs ? files : []) {
      if (etagOfFile.get(path) !== person.source.etag) {
        verdict.olderFace.push({ personId, what: `${path} is of an older photo` });
      }
    }
  }
  return verdict;
}
