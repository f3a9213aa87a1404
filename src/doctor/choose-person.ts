import { decideAccount, decideBeforeLook, decidePictures } from '../photos/decide-photo';
import { checkPicture } from '../photos/picture-bytes';
import { chooseSizes } from '../photos/picture-sizes';
import { filesOf, type Files } from '../photos/write-pictures';
import type { PersonReading } from '../storage/person-table';
import type { Account } from '../tenant/graph-answers';
import type { PeoplePage } from '../tenant/graph-people';
import { peopleABatch } from '../tenant/graph-looks';
import { decideDisturbance } from './decide-trial';
import { StepFailed, type DoctorDeps } from './doctor-deps';
import { undoTrial } from './undo-trial';

/** Somebody to try with, as far as Graph and the row tell. */
export interface Chosen {
  id: string;
  account: Account;
  reading: PersonReading;
  /** The person's present photo. */
  files: Files;
}

const mostPages = 20;
const mostJudged = 40;

/**
 * @param named undefined: the first one in scope with a photo.
 * @yields ids; whom the row or Graph may still speak against.
 */
export async function* candidates(deps: DoctorDeps, named: string | undefined): AsyncGenerator<string, void> {
  if (named !== undefined) {
    yield named;
    return;
  }
  for await (const ids of inScope(deps)) {
    const { looks } = await deps.looks.lookAtAll(ids);
    for (const id of ids) if (looks.get(id)?.kind === 'photo') yield id;
  }
}

/** In lots of a batch: those whom the settings name, then the directory's. */
async function* inScope({ scope, directory, settings }: DoctorDeps): AsyncGenerator<string[]> {
  const named = [...(settings.scope.pilotUsers ?? [])];
  for (let from = 0; from < named.length; from += peopleABatch) yield named.slice(from, from + peopleABatch);
  let nextLink: string | undefined = '';
  let lot: string[] = [];
  for (let pages = 0; pages < mostPages && nextLink !== undefined; pages++) {
    const page: PeoplePage | 'refused' = await directory.list(nextLink);
    if (page === 'refused') break;
    for (const person of page.people) {
      const { isIncluded, isExcluded } = await scope.standingOf(person.id);
      if (!isIncluded || isExcluded || decideAccount(person, settings.scope)) continue;
      lot.push(person.id);
      if (lot.length < peopleABatch) continue;
      yield lot;
      lot = [];
    }
    nextLink = page.nextLink;
  }
  if (lot.length > 0) yield lot;
}

/**
 * The next of the candidates with whom it may be tried.
 * @param isNamed there is no other.
 * @throws StepFailed where nobody is left, with what spoke against the last one.
 */
export async function choosePerson(
  deps: DoctorDeps,
  ids: AsyncGenerator<string, void>,
  isNamed: boolean,
): Promise<Chosen> {
  let reason = 'Nobody in scope has a photo in Microsoft 365.';
  for (let judged = 0; judged < mostJudged; judged++) {
    const { value: id, done } = await ids.next();
    if (done) break;
    const chosen = await judge(deps, id);
    if (typeof chosen !== 'string') return chosen;
    reason = chosen;
  }
  throw new StepFailed(
    isNamed ? `${reason} Name another person with --user.` : `${reason} Name somebody with --user.`,
  );
}

async function judge(deps: DoctorDeps, id: string): Promise<Chosen | string> {
  const { people, scope, photos, settings } = deps;
  // What an earlier trial left comes first: it may be the very reason for which somebody asks.
  await undoTrial(deps, id);
  const [reading, standing] = await Promise.all([people.read(id), scope.standingOf(id)]);
  const against = decideBeforeLook(reading.row, standing)?.reason ?? decideDisturbance(reading.row);
  if (against !== undefined) return against;
  const look = await photos.look(id);
  if (look.kind === 'no-account') return 'Microsoft Entra ID has no such account.';
  if (look.kind === 'none') return 'This person has no photo in Microsoft 365.';
  const sizes = chooseSizes(look.width, look.height);
  const { account, pictures } = await photos.readAccountAndPictures(id, Object.values(sizes));
  if (!account) return 'Microsoft Entra ID has no such account.';
  const problem =
    decideAccount(account, settings.scope) ??
    decidePictures(Object.values(sizes).map((size) => checkPicture(pictures.get(size))));
  return problem?.reason ?? { id, account, reading, files: filesOf(pictures, sizes) };
}
