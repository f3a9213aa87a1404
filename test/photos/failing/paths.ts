import type { SimPerson } from '../../support/control-api';
import type { PhotoEvent } from '../../../src/photos/photo-event';
import type { PersonRow } from '../../../src/storage/person-table';
import { tinyJpeg } from '../property/tiny-jpeg';
import type { Cell, Laboratory } from './laboratory';

export type Path =
  'applying' | 'reading back a first write' | 'checking' | 'clearing' | 'removing the files' | 'restoring';

/** One of the things that the app does about a person. */
interface PathRules {
  /** Whose end is where this one begins; without it, it begins with somebody new. */
  after?: Path;
  /** Brings the person from there to where it begins. */
  prepare: (cell: Cell, laboratory: Laboratory) => Promise<unknown>;
  /** What the event says that does it. */
  cause: PhotoEvent['cause'];
  /** What is sent when an event ended with a plan and its work is still to be done: by a sweep, or by an admin. */
  causeLater: PhotoEvent['cause'];
  /** Whether the work is done. */
  isDone: (row: PersonRow, etag: string | undefined) => boolean;
}

/** The photo, one that costs the tenant no drawing, and in SharePoint a picture of its own. */
async function begin({ person: { id } }: Cell, { control, hosts }: Laboratory) {
  const path = `/User Photos/Profilbilder/earlier-${id}_MThumb.jpg`;
  await control.putFile(path, tinyJpeg(48, 48, `earlier ${id}`), 'sharepoint');
  const pictureUrl = `${hosts.mysite}${path.replace(' ', '%20')}`;
  await control.patchProfile(id, { pictureUrl, placeholderState: '0' });
  await control.putPhoto(id, { raw: tinyJpeg(48, 48, id), width: 648, height: 648, notify: false });
}

/** The photo goes, and is seen to be gone once. */
async function loseSight(cell: Cell, { control }: Laboratory) {
  await control.deletePhoto(cell.person.id, { notify: false });
  await cell.apply({ cause: 'admin' });
}

const nothing = async () => undefined;
const isApplied = ({ dirty, settledEtag }: PersonRow, etag: string | undefined) =>
  !dirty && settledEtag === etag;

export const paths: Record<Path, PathRules> = {
  applying: { prepare: begin, cause: 'admin', causeLater: 'sweep', isDone: isApplied },
  'reading back a first write': {
    prepare: begin,
    cause: 'admin',
    causeLater: 'sweep',
    isDone: isApplied,
  },
  checking: {
    after: 'applying',
    prepare: nothing,
    cause: 'check',
    causeLater: 'check',
    isDone: ({ dirty, checkedAt }) => !dirty && checkedAt !== '',
  },
  clearing: {
    after: 'applying',
    prepare: loseSight,
    cause: 'confirm',
    causeLater: 'confirm',
    isDone: ({ dirty, filesDueAt }) => !dirty && filesDueAt !== '',
  },
  restoring: {
    after: 'applying',
    prepare: nothing,
    cause: 'restore',
    causeLater: 'restore',
    isDone: ({ dirty, code }) => !dirty && code === 'restored',
  },
  'removing the files': {
    after: 'clearing',
    prepare: nothing,
    cause: 'files',
    causeLater: 'files',
    isDone: ({ dirty, filesDueAt }) => !dirty && filesDueAt === '',
  },
};

/** What can be done at the same time, in the order in which one follows the other. */
export const stages: Path[][] = [
  ['applying', 'reading back a first write'],
  ['checking', 'clearing', 'restoring'],
  ['removing the files'],
];

/** How everything is in the end. `ownFiles`: which of the app's own are there. */
export interface Ending {
  person: SimPerson;
  row: PersonRow | undefined;
  ownFiles: string[];
}

/** Everything, where the work was done. @param kept one of the app's files stays. */
export function expectDone(path: Path, { person, row, ownFiles }: Ending, kept: boolean): void {
  const { id, source, sharePoint } = person;
  const dirty = false;
  switch (path) {
    case 'applying':
    case 'reading back a first write':
    case 'checking':
      expect(person.inSync).toBe(true);
      expect(sharePoint?.pictureUrl).toContain(`m365-${id}_MThumb`);
      expect(row).toMatchObject({ dirty, appliedEtag: source?.etag });
      expect(ownFiles).toHaveLength(3);
      break;
    case 'clearing':
      expect(sharePoint?.pictureUrl).toBe('');
      expect(row).toMatchObject({ dirty, appliedEtag: '', filesDueAt: expect.stringMatching(/./) });
      // Also where the answer to the clearing was lost: it was no one else's doing.
      expect(row).toMatchObject({ plan: 'clear', code: 'removal' });
      expect(ownFiles).toHaveLength(3);
      break;
    case 'removing the files':
      expect(sharePoint?.pictureUrl).toBe('');
      expect(row).toMatchObject({ dirty, appliedEtag: '', filesDueAt: '' });
      expect(ownFiles).toHaveLength(kept ? 1 : 0);
      break;
    case 'restoring':
      expect(sharePoint?.pictureUrl).toContain(`earlier-${id}_MThumb`);
      expect(row).toMatchObject({ dirty, appliedEtag: '', code: 'restored' });
      expect(ownFiles).toHaveLength(kept ? 1 : 0);
  }
}
