/**
 * Whether a reading of a group can be believed. A group that can't be is as dangerous as none: without the exclusion
 * group people would be written who must not be, and without the pilot group nobody would.
 */

export type MembershipPlan =
  | { plan: 'take' }
  /** `reason` goes on a sentence that begins with the group, so that an admin reads which one and what to do. */
  | { plan: 'keep'; problem: MembershipProblem; reason: string };

export type MembershipProblem = 'missing' | 'refused' | 'hidden' | 'unreadable' | 'empty' | 'shrunk';

type Reading =
  /** `advice`: a sentence on the right that may be missing. */
  | { kind: 'members'; isHidden: boolean; ids: { size: number }; advice?: string }
  | { kind: 'missing' }
  | { kind: 'refused'; isHidden: boolean | undefined; code: string; advice: string }
  /** Graph could not be asked, or gave no answer. */
  | { kind: 'failed'; reason: string };

const orAnother = 'Or take a group whose members are not hidden.';
const emptyAdvice = 'SCOPE_EMPTY_OK=true accepts that';

/**
 * @param known.count people at the last good reading; undefined before the first.
 * @param emptyIsFine an admin says that the group may be empty or lose most of its members.
 */
export function decideMembership(
  known: { count: number } | undefined,
  reading: Reading,
  emptyIsFine: boolean,
): MembershipPlan {
  const keep = (problem: MembershipProblem, reason: string) => ({ plan: 'keep', problem, reason }) as const;
  switch (reading.kind) {
    case 'failed':
      return keep('unreadable', `could not be read: ${reading.reason}`);
    case 'missing':
      return keep('missing', 'does not exist in Microsoft Entra ID: correct the id, or take it out.');
    case 'refused':
      return reading.isHidden
        ? keep('hidden', `hides its members (${reading.code}). ${reading.advice} ${orAnother}`)
        : keep('refused', `may not be read (${reading.code}). ${reading.advice}`);
    case 'members':
  }
  const count = reading.ids.size;
  // Without the role Graph shows a hidden group as an empty one, and nothing in it tells that from a group without members.
  if (count === 0 && reading.isHidden) {
    const advice = reading.advice ?? 'The app may see them, so nobody is in it.';
    return keep('hidden', `hides its members and reads as empty. ${advice} ${orAnother}`);
  }
  if (emptyIsFine) return { plan: 'take' };
  if (count === 0) return keep('empty', `reads as empty; ${emptyAdvice}.`);
  if (known && count < known.count / 2) {
    const change = `from ${String(known.count)} to ${String(count)} people`;
    return keep('shrunk', `shrank by more than half, ${change}; ${emptyAdvice}.`);
  }
  return { plan: 'take' };
}
