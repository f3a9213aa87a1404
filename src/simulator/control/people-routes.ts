import { z } from 'zod';
import { KINDS } from '../people/person-kinds';
import { addPeople } from '../people/populate';
import { accountNameOf, newProfile } from '../people/sharepoint-state';
import { ControlProblem } from './control-problem';
import { flagIn, jsonBody, numberIn, type ControlRoute } from './control-route';
import { personRow } from './person-row';
import { personIn, type TenantParts } from './tenant-parts';

const USER = '[0-9a-fA-F-]{36}';
const MOST_AT_ONCE = 10_000;

const additionSchema = z.strictObject({
  count: z.number().int().min(1).max(MOST_AT_ONCE).default(1),
  kind: z.enum(KINDS).default('ordinary'),
});

const patchSchema = z.strictObject({
  jobTitle: z.string().max(200).optional(),
  displayName: z.string().min(1).max(200).optional(),
  accountEnabled: z.boolean().optional(),
  userPrincipalName: z.string().min(3).max(200).includes('@').optional(),
});

const profileSchema = z.strictObject({
  profile: z
    .strictObject({
      objectId: z.string().nullable().optional(),
      personalSiteHostUrl: z.string().optional(),
      pictureUrl: z.string().optional(),
      timestamp: z.string().optional(),
      placeholderState: z.string().optional(),
      properties: z.record(z.string(), z.string()).optional(),
    })
    .nullable(),
});

/** JSON says nothing by leaving a name out, where `exactOptionalPropertyTypes` would see undefined. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

export function peopleRoutes(parts: TenantParts): ControlRoute[] {
  const { books, hashes, pictures, clock, changes } = parts;
  const row = (id: string | undefined) => personRow(books, hashes, personIn(parts, id));
  return [
    {
      method: 'GET',
      path: /^users$/,
      run: async ({ query }) => {
        const skip = numberIn(query, 'skip', 0);
        const people = [...books.people.values()].slice(skip, skip + numberIn(query, 'top', 100));
        return { json: await Promise.all(people.map((person) => personRow(books, hashes, person))) };
      },
    },
    {
      method: 'POST',
      path: /^users$/,
      run: async (request) => {
        const { count, kind } = jsonBody(request, additionSchema);
        const people = await addPeople(books, pictures, count, kind, clock.now());
        parts.changed();
        if (flagIn(request.query, 'notify') === true) parts.notifier.raise(people.map(({ id }) => id));
        return {
          status: 201,
          json: await Promise.all(people.map((person) => personRow(books, hashes, person))),
        };
      },
    },
    {
      method: 'GET',
      path: new RegExp(`^users/(${USER})$`),
      run: async ({ params }) => ({ json: await row(params[0]) }),
    },
    {
      method: 'PATCH',
      path: new RegExp(`^users/(${USER})$`),
      run: async (request) => {
        const person = personIn(parts, request.params[0]);
        const patch = given(jsonBody(request, patchSchema));
        const name = patch.userPrincipalName?.toLowerCase();
        const others = [...books.people.values()].filter(({ id }) => id !== person.id);
        if (name !== undefined && others.some((other) => other.userPrincipalName.toLowerCase() === name)) {
          throw new ControlProblem(409, 'Somebody else has this user principal name.');
        }
        changes.setProperties(person, patch, flagIn(request.query, 'notify') ?? true);
        return { json: await row(person.id) };
      },
    },
    {
      method: 'DELETE',
      path: new RegExp(`^users/(${USER})$`),
      run: ({ params }) => {
        changes.removePerson(personIn(parts, params[0]));
        return { json: { deleted: true } };
      },
    },
    {
      method: 'PATCH',
      path: new RegExp(`^users/(${USER})/sharepoint$`),
      run: async (request) => {
        const person = personIn(parts, request.params[0]);
        const { profile: wish } = jsonBody(request, profileSchema);
        const key = accountNameOf(person.userPrincipalName);
        if (wish === null) {
          books.profiles.delete(key);
        } else {
          const profile = books.profiles.get(key) ?? newProfile(person, person.id);
          if (wish.objectId !== undefined) profile.objectId = wish.objectId ?? undefined;
          if (wish.personalSiteHostUrl !== undefined) profile.personalSiteHostUrl = wish.personalSiteHostUrl;
          if (wish.pictureUrl !== undefined) profile.properties.PictureURL = wish.pictureUrl;
          if (wish.timestamp !== undefined) profile.properties['SPS-PictureTimestamp'] = wish.timestamp;
          if (wish.placeholderState !== undefined)
            profile.properties['SPS-PicturePlaceholderState'] = wish.placeholderState;
          Object.assign(profile.properties, wish.properties);
          books.profiles.set(key, profile);
        }
        changes.sharePointChanged();
        return { json: await row(person.id) };
      },
    },
  ];
}
