import * as z from 'zod';
import type { TokenFacts } from './describe-token';
import { explainMissingRight } from './explain-missing-right';
import { heldRole } from './held-role';
import { errorCode, throwIfNotNow, type GraphClient } from './graph-client';
import { jsonOf, type Answer } from './http';
import { nextPagePath } from './next-page-path';
import { readHiddenMembers, readMembers, type Right } from './rights';

/** What Graph says of a group and of all people in it, also by way of groups inside it. */
export type GroupReading =
  /** `isHidden`: its members are shown only to who has the role Member.Read.Hidden. Ids in lower case, each once. `advice`: the role without which it reads as empty. */
  | { kind: 'members'; isHidden: boolean; ids: ReadonlySet<string>; advice?: string }
  | { kind: 'missing' }
  /** Not allowed. `isHidden` is undefined where even that was not told. `advice`: which role is missing. */
  | { kind: 'refused'; isHidden: boolean | undefined; code: string; advice: string };

export interface GroupSource {
  /** One request, and one more for every 999 members. @throws ServiceFailure */
  readGroup(groupId: string): Promise<GroupReading>;
}

const group = z.looseObject({ id: z.guid(), visibility: z.string().nullish() });
const page = z.looseObject({
  value: z.array(z.looseObject({ id: z.guid() })),
  '@odata.nextLink': z.string().optional(),
});

const pageSize = 999;
/** More than a million people: Graph names next pages without end. */
const maximumPages = 1100;
const maximumPageBytes = 4 * 1024 * 1024;

/** A cast to users is answered only for a query that takes what may be a little late, and that counts. */
// https://learn.microsoft.com/graph/api/group-list-transitivemembers
const eventually = { ConsistencyLevel: 'eventual' };

export function createGroupSource(client: GraphClient, graphUrl: string): GroupSource {
  const ask = async (path: string): Promise<Answer> => {
    const answer = await client.request('GET', path, {
      headers: eventually,
      maximumBytes: maximumPageBytes,
      failuresAreAnswers: true,
    });
    if (answer.status !== 403) throwIfNotNow(answer.status, answer.headers, answer);
    return answer;
  };
  const refused = (answer: Answer, isHidden: boolean | undefined): GroupReading => ({
    kind: 'refused',
    isHidden,
    code: `${String(answer.status)} ${errorCode(jsonOf(answer)) ?? 'no details'}`,
    advice: explainMissingRight(isHidden ? readHiddenMembers : readMembers, answer.token),
  });

  return {
    async readGroup(groupId) {
      const answer = await ask(`/groups/${groupId}?$select=id,visibility`);
      if (answer.status === 404) return { kind: 'missing' };
      const found = group.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !found.success) return refused(answer, undefined);
      const isHidden = found.data.visibility === 'HiddenMembership';

      const ids = new Set<string>();
      let path: string | undefined =
        `/groups/${groupId}/transitiveMembers/microsoft.graph.user?$select=id&$count=true&$top=${String(pageSize)}`;
      for (let pages = 0; path !== undefined; pages++) {
        const members: Answer = await ask(path);
        if (members.status === 404) return { kind: 'missing' };
        const parsed = page.safeParse(jsonOf(members));
        if (members.status !== 200 || !parsed.success || pages >= maximumPages)
          return refused(members, isHidden);
        for (const { id } of parsed.data.value) ids.add(id.toLowerCase());
        path = nextPagePath(parsed.data['@odata.nextLink'], graphUrl);
      }
      const mayHide = isHidden && ids.size === 0 && !holds(answer.token, readHiddenMembers);
      const advice = mayHide && explainMissingRight(readHiddenMembers, answer.token);
      return { kind: 'members', isHidden, ids, ...(advice && { advice }) };
    },
  };
}

const holds = (token: TokenFacts | undefined, right: Right) =>
  token !== undefined && heldRole(right, token) !== undefined;
