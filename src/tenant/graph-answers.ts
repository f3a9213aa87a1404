import * as z from 'zod';

/* The parts of Graph's answers that the app reads. Fields it does not know are let through. */

/** The directory's view of a person, as far as deciding needs it. */
export interface Account {
  id: string;
  userPrincipalName: string;
  /** Absent on some accounts, which count as members. */
  userType: string | undefined;
  accountEnabled: boolean;
}

/** https://learn.microsoft.com/graph/api/resources/profilephoto */
export const photoMetadata = z.looseObject({
  '@odata.mediaEtag': z.string().max(500),
  '@odata.mediaContentType': z.string().optional(),
  width: z.number(),
  height: z.number(),
});

export const accountSchema = z
  .looseObject({
    id: z.guid(),
    userPrincipalName: z.string().min(1).max(2048),
    userType: z.string().nullish(),
    accountEnabled: z.boolean().nullish(),
  })
  .transform((user): Account => ({
    id: user.id.toLowerCase(),
    userPrincipalName: user.userPrincipalName,
    userType: user.userType ?? undefined,
    accountEnabled: user.accountEnabled ?? true,
  }));

/** Answers come in any order. https://learn.microsoft.com/graph/json-batching */
export const batchAnswer = z.looseObject({
  responses: z.array(
    z.looseObject({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).optional(),
      // Graph leaves it out where a part has none.
      body: z.unknown().optional(),
    }),
  ),
});
