import { decideDoubt, type Doubt } from './decide-doubt';
import { decideAccount, type Plan, type Scope } from './decide-photo';
import type { ShownAt } from './decide-shown';
import { hasFormer } from './written-hashes';

/** What the row says of pictures that this app wrote. */
export interface WrittenPerson extends Doubt {
  appliedEtag: string;
  dirty: boolean;
  writingSha256: string;
  formerSha256: string;
  filesDueAt: string;
}

export type RemovalStep =
  /** Nothing to do but to write it down. */
  | { do: 'record'; plan: Plan }
  /** The first evidence, and after it the time until a second one counts. */
  | { do: 'doubt' | 'wait'; plan: Plan }
  /** The second evidence: the picture goes. Later: its files are due. */
  | { do: 'clear' | 'files' }
  /** No evidence at all: Graph could not give a photo, which is no word on whether there is one. */
  | { do: 'ask-again'; reason: string };

/**
 * What to do about somebody without a photo. A picture is taken away only from a person for whom this app wrote, only if
 * Graph says in so many words that there is none, and only if it says so twice. Everybody else's is not ours.
 * @param forced an earlier try may have been cut off: where pictures were taken away since, its last request may have
 * brought one back.
 */
export function decideRemoval(
  row: WrittenPerson | undefined,
  look: {
    at: Date;
    sure: boolean;
    code: string;
    account: { userType: string | undefined; accountEnabled: boolean };
  },
  settings: { removals: 'clear' | 'off'; removalConfirmMs: number; scope: Scope },
  forced: boolean,
): RemovalStep {
  const noPhoto: Plan = {
    plan: 'skip',
    code: 'no-photo',
    reason: `This person has no photo in Microsoft 365 (${look.code}).`,
  };
  const areFilesDue = row !== undefined && row.filesDueAt !== '';
  const isOurs =
    row !== undefined &&
    (row.appliedEtag !== '' || row.dirty || row.writingSha256 !== '' || (forced && hasFormer(row)));
  if (settings.removals === 'off' || !(isOurs || areFilesDue)) return { do: 'record', plan: noPhoto };
  if (!look.sure) {
    const reason = `Graph gave no photo without saying that there is none (${look.code}): that counts for nothing.`;
    return { do: 'ask-again', reason };
  }
  if (areFilesDue) {
    if (look.at.getTime() >= Date.parse(row.filesDueAt)) return { do: 'files' };
    return { do: 'wait', plan: clearing('The picture was cleared; its files go later.') };
  }
  const leftAlone = decideAccount(look.account, settings.scope);
  if (leftAlone) return { do: 'record', plan: leftAlone };

  const sight = { doubt: 'removed', etag: '', at: look.at } as const;
  const confirmed = decideDoubt(row, sight, settings.removalConfirmMs);
  if (confirmed === 'confirmed') return { do: 'clear' };
  const reason = 'The photo is gone. It counts when a second look finds the same.';
  return {
    do: confirmed === 'new' ? 'doubt' : 'wait',
    plan: { plan: 'confirm', code: 'removal', reason },
  };
}

export const clearing = (reason: string): Plan => ({ plan: 'clear', code: 'removal', reason });

/**
 * What of the app's goes from SharePoint now. Nobody may be sent to a file that is gone, so the files go last, and not
 * while the profile leads to them, whoever made it do so.
 */
export function decideClearing(shown: ShownAt, areFilesDue: boolean): 'properties' | 'files' | 'nothing' {
  if (shown.by === 'us') return 'properties';
  return areFilesDue ? 'files' : 'nothing';
}

/**
 * What to say of a picture that is not shown any more. A try that was cut off may have cleared it, so where the profile
 * shows none, it is not somebody else's.
 */
export function decideCleared(shown: ShownAt): Plan {
  switch (shown.by) {
    case 'us':
      return clearing('The photo was removed, and a second look confirmed it.');
    case 'nobody':
      return clearing('The photo was removed, and SharePoint shows no picture any more.');
    default:
      return {
        plan: 'skip',
        code: 'not-ours',
        reason: "The photo was removed, but SharePoint shows another picture than the app's.",
      };
  }
}
