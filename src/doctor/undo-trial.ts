import type { Config } from '../config';
import { ServiceFailure } from '../errors';
import { ClaimLost, claimPerson, type Claim } from '../photos/claim';
import { decideProfile, pictureProperties } from '../photos/decide-profile';
import { decideEarlier } from '../photos/decide-restore';
import { decideShown } from '../photos/decide-shown';
import { recycleOurFiles } from '../photos/recycle-our-files';
import { setBack } from '../photos/restore-picture';
import { hashesOfRemoved } from '../photos/written-hashes';
import type { PersonReading, PersonRow, PersonTable } from '../storage/person-table';
import type { PhotoSource } from '../tenant/graph';
import type { ProfileStore } from '../tenant/sharepoint';
import type { WriteGate } from '../writing/gate';
import { decideClosing } from './decide-closing';
import { openTrialOf, type OpenTrial } from './open-trial';

export interface UndoDeps {
  settings: Pick<Config, 'mode' | 'geos' | 'claimMs'>;
  people: PersonTable;
  gate: Pick<WriteGate, 'stopFor'>;
  photos: Pick<PhotoSource, 'readAccountAndPictures'>;
  profiles: ProfileStore;
  monotonicMs: () => number;
}

/** `nothing`: no trial was open. `stays`: the row is as before, and why SharePoint is not, as a sentence. */
export type Undone = 'nothing' | 'undone' | { stays: string };

const maximumRounds = 4;

/**
 * Puts back what a trial with this person has changed, in SharePoint and in the row. May be done at any time and again:
 * the row tells whether something is left to do.
 * @throws ServiceFailure, WritingStopped where it can't be done now and has to be later.
 */
export async function undoTrial(deps: UndoDeps, personId: string): Promise<Undone> {
  for (let round = 1; round <= maximumRounds; round++) {
    const reading = await deps.people.read(personId);
    const trial = openTrialOf(reading.row);
    if (!reading.row || !trial) return 'nothing';
    const undone = await undoOnce(deps, personId, { ...reading, row: reading.row }, trial);
    if (undone !== 'again') return undone;
  }
  throw new ServiceFailure(
    'storage',
    "The person's row kept changing while the doctor put the picture back.",
  );
}

async function undoOnce(
  deps: UndoDeps,
  personId: string,
  reading: PersonReading & { row: PersonRow },
  trial: OpenTrial,
): Promise<Undone | 'again'> {
  const claim = await claimForTrial(deps, personId, reading);
  if (!claim) return 'again';
  try {
    const stays = trial.kind === 'new' ? await putBack(deps, claim, personId) : undefined;
    await claim.note({
      ...decideClosing(trial, reading.row, deps.settings.mode === 'apply'),
      ...(trial.kind === 'new' && { earlierProperties: '', ...hashesOfRemoved(reading.row) }),
      trial: '',
    });
    return stays === undefined ? 'undone' : { stays };
  } catch (error) {
    if (error instanceof ClaimLost) return 'again';
    throw error;
  }
}

/** Nothing but a pause stops a trial. @returns undefined if somebody wrote the row since it was read. */
export function claimForTrial(
  deps: Pick<UndoDeps, 'settings' | 'people' | 'gate' | 'monotonicMs'>,
  personId: string,
  reading: PersonReading,
  columns: Partial<PersonRow> = {},
): Promise<Claim | undefined> {
  const gate = { stopFor: (id: string) => deps.gate.stopFor(id, 'trial') };
  return claimPerson({ ...deps, gate, claimMs: deps.settings.claimMs }, personId, reading, columns);
}

/** @returns why something stays, where no later try would change it. */
async function putBack(
  { photos, profiles, settings }: UndoDeps,
  claim: Claim,
  personId: string,
): Promise<string | undefined> {
  const before = () => claim.check();
  const earlier = decideEarlier(personId, claim.row.earlierProperties, settings.geos);
  if ('plan' in earlier) return earlier.reason;
  const { account } = await photos.readAccountAndPictures(personId, []);
  if (!account) return 'Microsoft Entra ID has no such account any more.';
  const { userPrincipalName } = account;
  const profile = await profiles.readProfile(userPrincipalName, before);
  const owned = decideProfile(personId, profile, settings.geos);
  if (!profile || 'plan' in owned) return 'plan' in owned ? owned.reason : undefined;
  const { mySiteUrl, adminUrl } = owned.geo;
  const shown = decideShown(personId, pictureProperties(profile).PictureURL, settings.geos);
  if (shown.by === 'us') {
    const isThere = await setBack({ profiles }, claim, { profile, earlier, userPrincipalName, adminUrl });
    if (!isThere) return 'SharePoint has no profile for this person any more.';
  }
  const folder = shown.by === 'us' ? shown.folder : await profiles.pictureFolder(mySiteUrl, before);
  return recycleOurFiles(profiles, { mySiteUrl, folder, personId }, claim.row, before);
}
