import * as z from 'zod';
import { ServiceFailure } from '../errors';
import { batchAnswer } from './graph-answers';
import type { GraphClient } from './graph-client';
import { jsonOf } from './http';
import { nextPagePath } from './next-page-path';

/** A person as the directory lists them. */
export interface ListedPerson {
  /** Entra object id, lower case. */
  id: string;
  /** Absent on some accounts, which count as members. */
  userType: string | undefined;
  accountEnabled: boolean;
}

export interface PeoplePage {
  people: ListedPerson[];
  /** Where the next page begins, as a path below /v1.0; undefined after the last. */
  nextLink: string | undefined;
  /** Graph's time. */
  now: Date;
}

export interface PeopleSource {
  /**
   * One request for up to 999 people.
   * @param nextLink as an earlier page gave it; empty for the first page.
   * @returns `refused` where Graph no longer knows that page, so that the list has to begin again.
   * @throws ServiceFailure
   */
  list(nextLink: string): Promise<PeoplePage | 'refused'>;
  /** Of up to 20 ids those that Entra does not know any more, in one request. @throws ServiceFailure */
  gone(personIds: readonly string[]): Promise<string[]>;
}

/** Everybody else's requests go first. https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
const isPatient = { 'x-ms-throttle-priority': 'Low' };

const firstPage = '/users?$select=id,accountEnabled,userType&$top=999';
const maximumPageBytes = 4 * 1024 * 1024;
/** A table's column holds 32,000 characters. */
const longestLink = 30_000;

const listAnswer = z.looseObject({
  value: z.array(
    z
      .looseObject({ id: z.guid(), userType: z.string().nullish(), accountEnabled: z.boolean().nullish() })
      .transform(({ id, userType, accountEnabled }): ListedPerson => ({
        id: id.toLowerCase(),
        userType: userType ?? undefined,
        accountEnabled: accountEnabled ?? true,
      })),
  ),
  '@odata.nextLink': z.string().optional(),
});

export function createPeopleSource(client: GraphClient, graphUrl: string): PeopleSource {
  return {
    async list(nextLink) {
      // The row is untrusted: whatever stands there, only a list of people is asked for.
      if (nextLink !== '' && !isListOfPeople(nextLink)) return 'refused';
      const answer = await client.request('GET', nextLink || firstPage, {
        maximumBytes: maximumPageBytes,
        headers: isPatient,
      });
      // https://learn.microsoft.com/graph/paging: a page that has expired is refused, and the list begins again.
      if (nextLink !== '' && (answer.status === 400 || answer.status === 410)) return 'refused';
      const parsed = listAnswer.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success) throw unreadable('the list of people', answer.status);
      const { value, '@odata.nextLink': next } = parsed.data;
      return { people: value, nextLink: pathOf(next, graphUrl), now: answer.date ?? new Date() };
    },

    async gone(personIds) {
      const requests = personIds.map((id) => ({ id, method: 'GET', url: `/users/${id}?$select=id` }));
      const answer = await client.request('POST', '/$batch', { body: { requests }, headers: isPatient });
      const parsed = batchAnswer.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success) throw unreadable('a batch of accounts', answer.status);
      const isGone = new Set(
        parsed.data.responses.filter(({ status }) => status === 404).map(({ id }) => id),
      );
      return personIds.filter((id) => isGone.has(id));
    },
  };
}

/** What is kept in a row has to be what will be asked for again: a list of people, and no more than a column holds. */
function pathOf(nextLink: string | undefined, graphUrl: string): string | undefined {
  const path = nextPagePath(nextLink, graphUrl);
  if (path === undefined || (isListOfPeople(path) && path.length <= longestLink)) return path;
  throw new ServiceFailure('Graph', 'Graph named a next page that is no list of people.');
}

const isListOfPeople = (path: string) => path.startsWith('/users?');

function unreadable(what: string, status: number): ServiceFailure {
  const message = `Graph gave an answer for ${what} that the app can't read (${String(status)}).`;
  return new ServiceFailure('Graph', message, { status });
}
