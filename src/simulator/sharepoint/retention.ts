import { z } from 'zod';
import { SharePointError } from './errors';

/** Files that may not be deleted: one by its server-relative path, or all where no path is given. */
export const retentionSchema = z
  .array(
    z.strictObject({
      path: z.string().startsWith('/').optional(),
      status: z.union([z.literal(403), z.literal(409), z.literal(423)]).default(403),
    }),
  )
  .max(1000);

type Hold = z.infer<typeof retentionSchema>[number];

const typeNames = {
  403: 'System.UnauthorizedAccessException',
  409: 'Microsoft.SharePoint.SPException',
  423: 'Microsoft.SharePoint.SPFileLockException',
} as const;

/** What a retention label, a legal hold or somebody who has the file open keeps from being deleted. */
export class Retention {
  private holds: readonly Hold[] = [];

  set(holds: readonly Hold[]): void {
    this.holds = holds;
  }

  list(): readonly Hold[] {
    return this.holds;
  }

  /** Throws where the file may not go. */
  requireDeletable(path: string): void {
    const hold = this.holds.find((one) => one.path === undefined || one.path === path);
    if (!hold) return;
    const { status } = hold;
    throw new SharePointError(
      status,
      -2147018894,
      typeNames[status],
      "The file is held and can't be deleted.",
    );
  }
}
