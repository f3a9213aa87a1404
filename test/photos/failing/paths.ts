import type { SimPerson } from '../../support/control-api';
import type { PhotoEvent } from '../../../src/photos/photo-event';
import type { PersonRow } from '../../../src/storage/person-table';
import { tinyJpeg } from '../property/tiny-jpeg';
import type { Cell, Laboratory } from './laboratory';

export type Path =
  'applying' | 'reading back a first write' | 'checking' | 'clearing' | 'removing the files' | 'restoring';

/** One of the things that the app does about a person. */
interface PathRules {
  /** Brings the person to where it begins. */
  prepare: (cell: Cell, laboratory: Laboratory) => Promise<unknown>;
  /** What the event says that does it. */
  cause: PhotoEvent['cause'];
  /** What is sent when an event ended with a plan and its work is still to be done: by a sweep, or by an admin. */
  causeLater: PhotoEvent['cause'];
  /** Whether the work is done. */
  isDone: (row: PersonRow, etag: string | undefined) => boolean;
}

/** A photo that costs the tenant no drawing. */
export function givePhoto({ person: { id } }: Cell, { control }: Laboratory) {
  const raw = tinyJpeg(48, 48, id);
  return control.putPhoto(id, { raw, width: 648, height: 648, notify: false });
}

async function write(cell: Cell, laboratory: Laboratory) {
  await givePhoto(cell, laboratory);
  await cell.apply({ cause: 'admin' });
}

/** The photo goes, and is seen to be gone once. */
async function loseDoubted(cell: Cell, laboratory: Laboratory) {
  await write(cell, laboratory);
  await laboratory.control.deletePhoto(cell.person.id, { notify: false });
  await cell.apply({ cause: 'admin' });
}

async function loseCleared(cell: Cell, laboratory: Laboratory) {
  await loseDoubted(cell, laboratory);
  await cell.apply({ cause: 'confirm' });
}

/** SharePoint showed a picture of its own before. */
async function writeOverEarlier(cell: Cell, laboratory: Laboratory) {
  const { control, hosts } = laboratory;
  const { id } = cell.person;
  const path = `/User Photos/Profilbilder/earlier-${id}_MThumb.jpg`;
  await control.putFile(path, tinyJpeg(48, 48, `earlier ${id}`), 'sharepoint');
  const pictureUrl = `${hosts.mysite}${path.replace(' ', '%20')}`;
  await control.patchProfile(id, { pictureUrl, placeholderState: '0' });
  await write(cell, laboratory);
}

const isApplied = ({ dirty, settledEtag }: PersonRow, etag: string | undefined) =>
  !dirty && settledEtag === etag;

export const paths: Record<Path, PathRules> = {
  applying: { prepare: givePhoto, cause: 'admin', causeLater: 'sweep', isDone: isApplied },
  'reading back a first write': {
    prepare: givePhoto,
    cause: 'admin',
    causeLater: 'sweep',
    isDone: isApplied,
  },
  checking: {
    prepare: write,
    cause: 'check',
    causeLater: 'check',
    isDone: ({ dirty, checkedAt }) => !dirty && checkedAt !== '',
  },
  clearing: {
    prepare: loseDoubted,
    cause: 'confirm',
    causeLater: 'confirm',
    isDone: ({ dirty, filesDueAt }) => !dirty && filesDueAt !== '',
  },
  'removing the files': {
    prepare: loseCleared,
    cause: 'files',
    causeLater: 'files',
    isDone: ({ dirty, filesDueAt }) => !dirty && filesDueAt === '',
  },
  restoring: {
    prepare: writeOverEarlier,
    cause: 'restore',
    causeLater: 'restore',
    isDone: ({ dirty, code }) => !dirty && code === 'restored',
  },
};

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
