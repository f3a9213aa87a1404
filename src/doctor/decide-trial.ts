import type { Bytes } from '../photos/decide-bytes';
import type { ShownAt } from '../photos/decide-shown';

/** What the row has to say before the doctor may try with a person. */
interface KnownPerson {
  dirty: boolean;
  filesDueAt: string;
  doubt: string;
  appliedEtag: string;
  earlierProperties: string;
}

/** @returns why this person is not to be disturbed now; undefined where nothing is in the way. */
export function decideDisturbance(row: KnownPerson | undefined): string | undefined {
  if (row?.dirty) return 'This person is being written just now, or a write was left unfinished.';
  if (row?.filesDueAt) return "This person's picture was cleared, and its files wait to be removed.";
  if (row?.doubt) return "This person's photo is in doubt: a second look has to confirm what the first saw.";
  return undefined;
}

/**
 * What to try with.
 * `new`: the person's present photo in files that are not there yet, and its address; both are taken back.
 * `rewrite`: all three files are there, so their own bytes and the properties' own values are written once more, and
 * nothing has to be taken back.
 */
export type TrialKind = 'new' | 'rewrite';

/**
 * Whatever happens next, SharePoint shows what it showed before or the person's own present photo, and never anything of
 * somebody else's is lost.
 * @param facts.files whose bytes lie in the app's three files.
 */
export function decideTrial(facts: {
  row: KnownPerson | undefined;
  shown: ShownAt;
  files: readonly Bytes[];
}): { kind: TrialKind } | { refused: string } {
  const { row, shown, files } = facts;
  if (files.every((bytes) => bytes !== 'missing')) return { kind: 'rewrite' };
  const isKnown = row !== undefined && (row.appliedEtag !== '' || row.earlierProperties !== '');
  if (!isKnown && shown.by !== 'us' && files.every((bytes) => bytes === 'missing')) return { kind: 'new' };
  return { refused: "Of the app's three files of this person, some are missing." };
}
