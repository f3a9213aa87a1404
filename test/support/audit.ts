import type { ControlApi, SimFile } from './control-api';

const secondsFromYear1To1970 = 62_135_596_800;
const letters = ['S', 'M', 'L'] as const;
const ownFile = /\/m365-[0-9a-f-]{36}_[SML]Thumb\.jpg$/;

/**
 * Judges what the app may never get wrong, from the tenant's own books and not from the app's word. One is made when
 * nothing has been written yet, and remembers every file it ever saw that is not the app's.
 */
export async function createAudit(control: ControlApi, mySiteUrl: string) {
  const foreign = new Map<string, SimFile>();
  const taken = new Set<string>();
  const remember = async () => {
    for (const file of await control.files()) {
      const isNew = !foreign.has(file.path) && !taken.has(file.path);
      if (file.writtenBy === 'sharepoint' && isNew) foreign.set(file.path, file);
    }
  };
  await remember();

  /** No file that the app did not write was ever changed or deleted, and the app's have names of their own. */
  async function filesOfOthers(): Promise<void> {
    const files = await control.files();
    const now = new Map(files.map((file) => [file.path, file]));
    for (const [path, before] of foreign) {
      // What SharePoint itself or an admin did to it is not the app's doing, and the books name the app where it was.
      if (now.get(path)?.writtenBy !== 'sharepoint') expect(now.get(path)).toEqual(before);
    }
    for (const { path, writtenBy } of files) if (writtenBy === 'app') expect(path).toMatch(ownFile);
    await remember();
  }

  const ownFilesOf = async (id: string) =>
    (await control.files()).filter(({ path }) => path.includes(`/m365-${id}_`));

  return {
    filesOfOthers,
    ownFilesOf,
    /** For a file that the test itself takes away. */
    forget(path: string): void {
      // What another test has just been told still has the file.
      taken.add(path);
      foreign.delete(path);
    },

    /** SharePoint shows the person's own current photo, by three files of the app that Graph could have served. */
    async person(id: string): Promise<void> {
      const [person, renditions, files] = await Promise.all([
        control.user(id),
        control.renditions(id),
        ownFilesOf(id),
      ]);
      const hashes = Object.values(renditions.sha256);
      const byLetter = new Map(files.map((file) => [/_([SML])Thumb\.jpg$/.exec(file.path)?.[1], file]));
      expect([...byLetter.keys()].sort()).toEqual([...letters].sort());
      for (const { sha256, writtenBy } of files) {
        expect(writtenBy).toBe('app');
        expect(hashes).toContain(sha256);
      }
      const { pictureUrl, placeholderState, timestamp } = person.sharePoint!;
      expect(new URL(pictureUrl).origin).toBe(mySiteUrl);
      expect(decodeURIComponent(new URL(pictureUrl).pathname)).toBe(byLetter.get('M')?.path);
      expect(pictureUrl).not.toContain('?');
      expect(placeholderState).toBe('0');
      const shownSince = (Number(timestamp) - secondsFromYear1To1970) * 1000;
      // The count must have moved since the change, or readers keep the former picture; a minute ahead is the most.
      expect(shownSince).toBeGreaterThan(Date.parse(person.photoChangedAt!) - 1000);
      expect(shownSince).toBeLessThan(Math.max(...files.map((file) => Date.parse(file.modifiedAt))) + 60_000);
      expect(person.inSync).toBe(true);
      await filesOfOthers();
    },

    /** Nothing of the app's is in SharePoint for this person, and what stood there stands. */
    async untouched(id: string): Promise<void> {
      expect(await ownFilesOf(id)).toEqual([]);
      expect((await control.user(id)).sharePoint?.pictureUrl ?? '').not.toContain('m365-');
      await filesOfOthers();
    },
  };
}
