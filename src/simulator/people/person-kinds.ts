import type { Person, PersonKind } from '../books';

/**
 * The awkward ones, spread evenly among the ordinary. The first thirteen show every kind, so that a small tenant has
 * them all.
 */
const AWKWARD: readonly PersonKind[] = [
  'dotted',
  'underscored',
  'apostrophe',
  'percent',
  'guest',
  'disabled',
  'no-mailbox',
  'no-profile',
  'no-photo',
  'reused-upn',
  'shared-picture',
  'shared-picture',
  'native-pull',
  'no-mailbox',
  'no-photo',
  'no-mailbox',
  'guest',
  'no-profile',
  'no-photo',
  'shared-picture',
  'native-pull',
  'reused-upn',
  'no-mailbox',
  'no-photo',
  'disabled',
  'shared-picture',
];

export const KINDS: readonly PersonKind[] = ['ordinary', ...new Set(AWKWARD)];

/** The kinds of a new tenant's people, in order. */
export function kindsFor(count: number): PersonKind[] {
  const stride = Math.max(1, Math.floor(count / (AWKWARD.length + 1)));
  return Array.from({ length: count }, (_, index) => {
    const place = index - 1;
    return (place >= 0 && place % stride === 0 ? AWKWARD[place / stride] : undefined) ?? 'ordinary';
  });
}

const NOTES: Record<PersonKind, string | undefined> = {
  ordinary: undefined,
  dotted:
    "In SharePoint's own naming, a dot and an underscore are the same: this person's picture file is also somebody else's.",
  underscored:
    "In SharePoint's own naming, a dot and an underscore are the same: this person's picture file is also somebody else's.",
  apostrophe: 'The sign-in name has an apostrophe, which must be doubled in SharePoint addresses.',
  percent: 'The sign-in name holds a percent sign, which must not be decoded twice.',
  guest: 'A guest of another organisation: left alone unless the settings include guests.',
  disabled: 'The account is disabled: left alone unless the settings include disabled accounts.',
  'no-mailbox':
    'No mailbox: the photo is kept in the directory with odd dimensions, and SharePoint never pulls it by itself.',
  'no-profile': 'SharePoint has no profile of this person yet: it makes one at the first visit.',
  'no-photo': 'Has no photo in Microsoft 365.',
  'reused-upn':
    'The SharePoint profile under this sign-in name still belongs to somebody who left: it must not be touched.',
  'shared-picture': 'Has the same default logo as others.',
  'native-pull': 'Visits SharePoint often, so SharePoint pulled the picture by itself.',
};

/** One plain sentence about what makes this person worth having. */
export function noteOn(person: Person): string | undefined {
  return NOTES[person.kind];
}
