import { decideProfile, pictureProperties } from '../photos/decide-profile';
import { decideEarlier, type Earlier } from '../photos/decide-restore';
import { decideShown, type ShownAt } from '../photos/decide-shown';
import { emptyRow } from '../storage/person-table';
import type { Profile } from '../tenant/sharepoint';
import { choosePerson, type Chosen } from './choose-person';
import { StepFailed, type DoctorDeps } from './doctor-deps';

/** A person with whom it may be tried, and where. */
export interface Target extends Chosen {
  profile: Profile;
  mySiteUrl: string;
  adminUrl: string;
  shown: ShownAt;
  /** Undefined where SharePoint shows the app's picture: that one is not replaced. */
  earlier: Earlier | undefined;
}

const mostProfiles = 5;

/**
 * Reads the profile of the person chosen. Where nobody was named, and it does not do, the next one's.
 * @throws StepFailed, ServiceFailure
 */
export async function findTarget(
  deps: DoctorDeps,
  first: Chosen,
  ids: AsyncGenerator<string, void>,
  isNamed: boolean,
): Promise<Target> {
  let chosen = first;
  for (let profiles = 1; ; profiles++) {
    const target = await readTarget(deps, chosen);
    if ('profile' in target) return target;
    if (isNamed) throw new StepFailed(`${target.refused} Name another person with --user.`);
    if (profiles === mostProfiles) {
      throw new StepFailed(
        `Of the first ${String(mostProfiles)} people in scope with a photo, nobody's profile does. Of the last: ${target.refused} Name somebody with --user.`,
      );
    }
    chosen = await choosePerson(deps, ids, isNamed);
  }
}

async function readTarget(
  { profiles, settings }: DoctorDeps,
  chosen: Chosen,
): Promise<Target | { refused: string }> {
  const profile = await profiles.readProfile(chosen.account.userPrincipalName);
  const decided = decideProfile(chosen.id, profile, settings.geos);
  if ('plan' in decided) return { refused: decided.reason };
  if (!profile) return { refused: 'SharePoint has no profile for this person.' };
  const properties = pictureProperties(profile);
  const shown = decideShown(chosen.id, properties.PictureURL, settings.geos);
  const found = { ...chosen, ...decided.geo, profile, shown };
  if (shown.by === 'us') return { ...found, earlier: undefined };
  const earlier = decideEarlier(chosen.id, JSON.stringify(properties), settings.geos);
  return 'plan' in earlier ? { refused: earlier.reason } : { ...found, earlier };
}

/** The row that the trial begins with. */
export const rowOf = ({ reading }: Target) => reading.row ?? emptyRow;
