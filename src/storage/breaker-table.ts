import * as z from 'zod';
import type { RemovalHour, SamePicture } from '../writing/decide-breaker';
import type { Table } from './table';

/** What the breaker counts. */
export interface BreakerTable {
  removalHours(): Promise<(RemovalHour & { token: string })[]>;
  /** Compare-and-set; see Table.write. */
  writeRemovalHour(token: string | undefined, hour: RemovalHour): Promise<string | undefined>;
  removeRemovalHour(hour: { hour: string; token: string }): Promise<void>;
  /** The pictures that lie together with this one in a row. */
  readPictures(sha256: string): Promise<{ pictures: SamePicture[]; token: string | undefined; readAt: Date }>;
  /** All rows of pictures. What can't be read has none. */
  pictureRows(): Promise<{ rows: PictureRow[]; readAt: Date }>;
  /** Compare-and-set; see Table.remove. */
  removePictures(key: string, token: string): Promise<void>;
  writePictures(
    sha256: string,
    token: string | undefined,
    pictures: readonly SamePicture[],
  ): Promise<string | undefined>;
}

export interface PictureRow {
  key: string;
  token: string;
  pictures: SamePicture[];
}

const removals = 'breaker-removals';
const pictures = 'breaker-pictures';
/** 4096 rows at most, and no two workers often meet at one. */
const rowOf = (sha256: string) => sha256.slice(0, 3);

const tagsSchema = z.array(z.string());
const picturesSchema = z.array(
  z.object({ sha256: z.string(), wearers: z.record(z.string(), z.string()), isAllowed: z.boolean() }),
);

export function createBreakerTable(table: Table): BreakerTable {
  return {
    async removalHours() {
      const { rows } = await table.list(removals);
      return rows.map(({ rowKey, token, count, tags }) => ({
        hour: rowKey,
        token,
        count: typeof count === 'number' ? count : 0,
        tags: read(tagsSchema, tags) ?? [],
      }));
    },
    writeRemovalHour: (token, { hour, count, tags }) =>
      table.write(removals, hour, token, { version: 1, count, tags: JSON.stringify(tags) }),
    removeRemovalHour: ({ hour, token }) => table.remove(removals, hour, token),
    async readPictures(sha256) {
      const { columns, token, readAt } = await table.read(pictures, rowOf(sha256));
      return { pictures: read(picturesSchema, columns.pictures) ?? [], token, readAt };
    },
    async pictureRows() {
      const { rows, readAt } = await table.list(pictures);
      return {
        readAt,
        rows: rows.map(({ rowKey, token, pictures: list }) => ({
          key: rowKey,
          token,
          pictures: read(picturesSchema, list) ?? [],
        })),
      };
    },
    removePictures: (key, token) => table.remove(pictures, key, token),
    writePictures: (sha256, token, list) =>
      table.write(pictures, rowOf(sha256), token, { version: 1, pictures: JSON.stringify(list) }),
  };
}

/** Rows are untrusted: what can't be read counts as absent. */
function read<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  try {
    return schema.safeParse(JSON.parse(String(value))).data;
  } catch {
    return undefined;
  }
}
