import { randomUUID } from 'node:crypto';
import type { Table } from './table';

/** A subscription of ours. Of its secret only the SHA-256 is kept. */
export interface SubscriptionRow {
  key: string;
  token: string;
  /** Undefined while Graph has not told the id: the row is pending. */
  subscriptionId: string | undefined;
  /** SHA-256 of clientState, lower-case hex. */
  secretSha256: string;
  createdAt: Date;
  validUntil: Date;
}

export interface SubscriptionTable {
  /** All rows, with Storage's time of the read. */
  list(): Promise<{ rows: SubscriptionRow[]; readAt: Date }>;
  /** Records the hash before Graph is asked, so that a notification that overtakes the answer is known. */
  addPending(row: {
    secretSha256: string;
    createdAt: Date;
    validUntil: Date;
  }): Promise<{ key: string; token: string }>;
  /** Gives a pending row its id. @returns false if somebody else did so first. */
  bind(row: { key: string; token: string }, subscriptionId: string, validUntil?: Date): Promise<boolean>;
  remove(row: { key: string; token: string }): Promise<void>;
}

const partition = 'subscription';

export function createSubscriptionTable(table: Table): SubscriptionTable {
  return {
    async list() {
      const { rows, readAt } = await table.list(partition);
      return {
        readAt,
        rows: rows.map((row) => ({
          key: row.rowKey,
          token: row.token,
          subscriptionId:
            typeof row.subscriptionId === 'string' && row.subscriptionId ? row.subscriptionId : undefined,
          secretSha256: String(row.secretSha256),
          createdAt: new Date(String(row.createdAt)),
          validUntil: new Date(String(row.validUntil)),
        })),
      };
    },
    async addPending({ secretSha256, createdAt, validUntil }) {
      const key = randomUUID();
      const token = await table.write(partition, key, undefined, {
        version: 1,
        subscriptionId: '',
        secretSha256,
        createdAt: createdAt.toISOString(),
        validUntil: validUntil.toISOString(),
      });
      if (token === undefined) throw new Error('A new subscription row met one of the same random key.');
      return { key, token };
    },
    async bind({ key, token }, subscriptionId, validUntil) {
      const bound = await table.write(partition, key, token, {
        subscriptionId,
        ...(validUntil && { validUntil: validUntil.toISOString() }),
      });
      return bound !== undefined;
    },
    remove: ({ key, token }) => table.remove(partition, key, token),
  };
}
