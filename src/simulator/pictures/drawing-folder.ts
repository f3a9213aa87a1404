import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Drawings on disk, each made once: drawing is what costs, and the same name always stands for the same picture. */
export class DrawingFolder {
  private constructor(private readonly directory: string) {}

  static async open(dataDir: string): Promise<DrawingFolder> {
    const directory = join(dataDir, 'drawings');
    await mkdir(directory, { recursive: true });
    return new DrawingFolder(directory);
  }

  /** @param name such as `face-7/648x648/image/jpeg`. */
  async get(name: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const path = join(this.directory, name.replaceAll('/', '_'));
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const bytes = await make();
    // Whoever reads it meanwhile finds all of it or nothing: tenants may share the folder.
    const making = `${path}.${randomUUID()}`;
    await writeFile(making, bytes);
    await rename(making, path);
    return bytes;
  }
}
