import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Remembered } from './remembered';

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes on disk, each under its own SHA-256. What was written lately is also kept in memory. */
export class BlobFolder {
  private readonly recent = new Remembered<Buffer>(500);

  private constructor(private readonly directory: string) {}

  static async open(dataDir: string): Promise<BlobFolder> {
    const directory = join(dataDir, 'blobs');
    await mkdir(directory, { recursive: true });
    return new BlobFolder(directory);
  }

  async keep(bytes: Buffer): Promise<string> {
    const key = sha256(bytes);
    await this.recent.get(key, async () => {
      await writeFile(join(this.directory, key), bytes);
      return bytes;
    });
    return key;
  }

  read(key: string): Promise<Buffer> {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new Error(`No blob has the key "${key}"`);
    return this.recent.get(key, () => readFile(join(this.directory, key)));
  }
}
