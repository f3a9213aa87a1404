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
  /** When it was last renewed, by Graph's clock. */
  renewedAt: Date | undefined;
  /** Why a sweep must make up for lost notifications, until it has been asked for. */
  sweepDue: string | undefined;
}

export interface SubscriptionTable {
  /** All rows, with Storage's time of the read. */
  list(): Promise<{ rows: SubscriptionRow[]; readAt: Date }>;
  /** Records the hash before Graph is asked, so that a notification that overtakes the answer is known. */
  addPending(row: {
    secretSha256: string;
    createdAt: Date;
    validUntil: Date;
    sweepDue?: string | undefined;
  }): Promise<{ key: string; token: string }>;
  /**
   * Gives a pending row its id, whatever else of it was written since it was read: a run at the same time may have asked
   * for the sweep that it was to remember. @returns false if somebody else gave it one first, or removed it.
   */
  bind(row: { key: string; token: string }, subscriptionId: string, validUntil?: Date): Promise<boolean>;
  /** `sweepDue` null: it has been asked for. @returns false if somebody else wrote first. */
  update(
    row: { key: string; token: string },
    changes: { validUntil?: Date; renewedAt?: Date | undefined; sweepDue?: string | null | undefined },
  ): Promise<boolean>;
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
          subscriptionId: textOf(row.subscriptionId),
          secretSha256: String(row.secretSha256),
          createdAt: new Date(String(row.createdAt)),
          validUntil: new Date(String(row.validUntil)),
          renewedAt: textOf(row.renewedAt) === undefined ? undefined : new Date(String(row.renewedAt)),
          sweepDue: textOf(row.sweepDue),
        })),
      };
    },
    async addPending({ secretSha256, createdAt, validUntil, sweepDue = '' }) {
      const key = randomUUID();
      const token = await table.write(partition, key, undefined, {
        version: 1,
        subscriptionId: '',
        secretSha256,
        createdAt: createdAt.toISOString(),
        validUntil: validUntil.toISOString(),
        sweepDue,
      });
      if (token === undefined) throw new Error('A new subscription row met one of the same random key.');
      return { key, token };
    },
    async bind({ key, token }, subscriptionId, validUntil) {
      const columns = { subscriptionId, ...(validUntil && { validUntil: validUntil.toISOString() }) };
      let pending: string | undefined = token;
      while (pending !== undefined) {
        if ((await table.write(partition, key, pending, columns)) !== undefined) return true;
        const row = await table.read(partition, key);
        pending = textOf(row.columns.subscriptionId) === undefined ? row.token : undefined;
      }
      return false;
    },
    async update({ key, token }, { validUntil, renewedAt, sweepDue }) {
      const written = await table.write(partition, key, token, {
        ...(validUntil && { validUntil: validUntil.toISOString() }),
        ...(renewedAt && { renewedAt: renewedAt.toISOString() }),
        ...(sweepDue !== undefined && { sweepDue: sweepDue ?? '' }),
      });
      return written !== undefined;
    },
    remove: ({ key, token }) => table.remove(partition, key, token),
  };
}

/** A table has no way to take a column away, so an empty text stands for none. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
