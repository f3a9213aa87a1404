import { createHash, randomUUID } from 'node:crypto';
import { ServiceFailure } from '../errors';
import { decodeIds, encodeIds, idsInChunk } from './member-ids';
import type { Columns, Table } from './table';
import { toDate } from './to-date';

/** What is known of a group's membership. */
export interface Membership {
  groupId: string;
  /** Storage's time at the start of the last good reading; undefined before the first. */
  readAt: Date | undefined;
  /** People in it at that reading. */
  count: number;
  /** Names the chunks that hold them; empty before the first good reading. */
  generation: string;
  /** Code and words of what is wrong with the group; empty if nothing is. */
  problem: string;
  reason: string;
}

export interface MembershipTable {
  /** Of each group ever read, in one request, with Storage's time of it. */
  list(): Promise<{ memberships: MembershipRow[]; readAt: Date }>;
  /** @throws ServiceFailure if they were replaced meanwhile. */
  readMembers(membership: Membership): Promise<ReadonlySet<string>>;
  /**
   * Takes a good reading. Only `readAt` is written where the members are those of before. Otherwise they go into chunks
   * of a new generation, which the row then names, and the former chunks are removed.
   * @param row undefined for a group that was never read.
   * @returns false if somebody else wrote the row since.
   */
  keep(
    row: MembershipRow | undefined,
    groupId: string,
    ids: ReadonlySet<string>,
    readAt: Date,
  ): Promise<boolean>;
  /** Notes what is wrong; the members of the last good reading stay. @returns false if somebody else wrote the row since. */
  noteProblem(
    row: MembershipRow | undefined,
    groupId: string,
    problem: { problem: string; reason: string },
  ): Promise<boolean>;
  /** Removes all that is kept of a group, unless somebody else wrote the row since. */
  forget(row: MembershipRow): Promise<void>;
}

export interface MembershipRow extends Membership {
  token: string;
  sha256: string;
  chunks: number;
  /** A generation whose chunks were being written: whoever writes next removes what is left of it. */
  begun: string;
}

const statusPartition = 'status';
const version = 1;
const chunkPartition = (groupId: string, generation: string) => `${groupId}:${generation}`;

export function createMembershipTable(table: Table): MembershipTable {
  const removeChunks = async (groupId: string, generation: string) => {
    if (generation === '') return;
    const partition = chunkPartition(groupId, generation);
    const { rows } = await table.list(partition);
    for (const { rowKey, token } of rows) await table.remove(partition, rowKey, token);
  };

  return {
    async list() {
      const { rows, readAt } = await table.list(statusPartition);
      return { readAt, memberships: rows.map(toMembership) };
    },

    async readMembers({ groupId, generation, count }) {
      if (generation === '') return new Set();
      const { rows } = await table.list(chunkPartition(groupId, generation));
      const ids = new Set(rows.flatMap(({ ids: text }) => decodeIds(String(text))));
      if (ids.size === count) return ids;
      throw new ServiceFailure('storage', 'The list of group members was replaced while it was read.');
    },

    async keep(row, groupId, ids, readAt) {
      const sorted = [...ids].sort();
      const sha256 = createHash('sha256').update(sorted.join()).digest('hex');
      const good = { version, groupId, readAt: readAt.toISOString(), problem: '', reason: '' };
      if (row && row.generation !== '' && row.sha256 === sha256) {
        return (await table.write(statusPartition, groupId, row.token, good)) !== undefined;
      }
      const generation = randomUUID();
      // Noted before a chunk is written, so that none is left behind for ever by a worker that dies.
      const token = await table.write(statusPartition, groupId, row?.token, {
        version,
        groupId,
        begun: generation,
      });
      if (token === undefined) return false;
      await removeChunks(groupId, row?.begun ?? '');
      let chunks = 0;
      for (let from = 0; from < sorted.length; from += idsInChunk) {
        const text = encodeIds(sorted.slice(from, from + idsInChunk));
        const key = String(chunks++).padStart(6, '0');
        await table.overwrite(chunkPartition(groupId, generation), key, { version, ids: text });
      }
      const taken = await table.write(statusPartition, groupId, token, {
        ...good,
        generation,
        sha256,
        chunks,
        count: sorted.length,
        begun: '',
      });
      // Whoever beat us to the row removes what we began.
      if (taken === undefined) return false;
      await removeChunks(groupId, row?.generation ?? '');
      return true;
    },

    async noteProblem(row, groupId, problem) {
      const columns = { version, groupId, ...problem };
      return (await table.write(statusPartition, groupId, row?.token, columns)) !== undefined;
    },

    async forget({ groupId, token, generation, begun }) {
      await removeChunks(groupId, begun);
      // The row goes last, so that a worker that dies leaves no chunk that no row tells of; and it vouches for none that
      // may be gone, should the group be named again meanwhile.
      const columns = { version, generation: '', sha256: '', readAt: '', begun: generation };
      const emptied = await table.write(statusPartition, groupId, token, columns);
      if (emptied === undefined) return;
      await removeChunks(groupId, generation);
      await table.remove(statusPartition, groupId, emptied);
    },
  };
}

function toMembership(row: Columns & { rowKey: string; token: string }): MembershipRow {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : '');
  const number = (name: string) => (typeof row[name] === 'number' ? row[name] : 0);
  return {
    groupId: row.rowKey,
    token: row.token,
    readAt: toDate(row.readAt),
    count: number('count'),
    generation: text('generation'),
    chunks: number('chunks'),
    sha256: text('sha256'),
    begun: text('begun'),
    problem: text('problem'),
    reason: text('reason'),
  };
}
