import { z } from 'zod';
import type { MySite } from '../books';
import { faultsSchema } from '../faults/fault-schema';
import { retentionSchema } from '../sharepoint/retention';
import { ControlProblem } from './control-problem';
import { jsonBody, numberIn, type ControlRoute } from './control-route';
import type { TenantParts } from './tenant-parts';

const ROLE = z.string().regex(/^[A-Za-z.]{1,100}$/);
const YEAR_SECONDS = 366 * 24 * 60 * 60;

const rolesSchema = z.strictObject({ graph: z.array(ROLE).optional(), sharepoint: z.array(ROLE).optional() });
const clockSchema = z.strictObject({ advanceSeconds: z.number().min(0).max(YEAR_SECONDS) });
const lifecycleSchema = z.strictObject({
  /** Also one that Graph does not know today. */
  event: z.string().min(1).max(100),
  subscriptionId: z.string().optional(),
});
const notifySchema = z.strictObject({
  personIds: z.array(z.string()).max(100_000).default([]),
  batch: z.number().int().min(1).optional(),
  items: z.array(z.record(z.string(), z.unknown())).max(10_000).optional(),
});

/** Everything but people and photos. `appLogConnected`: whether the app's log comes in. */
export function tenantRoutes(parts: TenantParts, appLogConnected: () => boolean): ControlRoute[] {
  const { books, faults, retention, clock, events, notifier, roles, limits, changes } = parts;
  return [
    {
      method: 'GET',
      path: /^state$/,
      run: () => ({
        json: {
          people: books.people.size,
          faults: faults.list(),
          now: clock.iso(),
          clockOffsetSeconds: clock.offsetSeconds,
          limits: limits.state(),
          functionsUrl: parts.functionsUrl ?? null,
          appLogConnected: appLogConnected(),
          notificationsPending: notifier.pending,
          lastRequest: parts.requests.latest,
          lastEvent: events.latest,
        },
      }),
    },
    {
      method: 'GET',
      path: /^secrets$/,
      run: () => ({
        json: {
          names: [
            ...changes.formerNames,
            ...[...books.people.values()].flatMap((one) => [one.displayName, one.userPrincipalName]),
          ],
          clientStates: [...parts.subscriptions.clientStates],
          tokens: [...parts.issuedTokens],
          identityHeader: parts.identityHeader,
        },
      }),
    },
    { method: 'GET', path: /^subscriptions$/, run: () => ({ json: parts.subscriptions.list() }) },
    {
      method: 'DELETE',
      path: /^subscriptions\/([\w-]+)$/,
      run: ({ params: [id = ''] }) => {
        if (!parts.subscriptions.remove(id))
          throw new ControlProblem(404, `No subscription has the id ${id}.`);
        return { json: { removed: true } };
      },
    },
    {
      method: 'POST',
      path: /^lifecycle$/,
      run: (request) => {
        const { event, subscriptionId } = jsonBody(request, lifecycleSchema);
        const about = parts.subscriptions
          .list()
          .filter(({ id }) => subscriptionId === undefined || id === subscriptionId);
        const told = about.filter((subscription) => notifier.raiseLifecycle(subscription, event));
        if (event === 'subscriptionRemoved') for (const { id } of about) parts.subscriptions.remove(id);
        return { status: 202, json: { told: told.length } };
      },
    },
    {
      method: 'GET',
      path: /^requests$/,
      run: ({ query }) => ({ json: parts.requests.since(numberIn(query, 'since', 0)) }),
    },
    {
      method: 'GET',
      path: /^notifications$/,
      run: ({ query }) => ({ json: parts.deliveries.since(numberIn(query, 'since', 0)) }),
    },
    { method: 'GET', path: /^faults$/, run: () => ({ json: faults.list() }) },
    {
      method: 'PUT',
      path: /^faults$/,
      run: (request) => {
        faults.set(jsonBody(request, faultsSchema));
        events.emit('fault', { faults: faults.list() });
        return { json: faults.list() };
      },
    },
    { method: 'GET', path: /^retention$/, run: () => ({ json: retention.list() }) },
    {
      method: 'PUT',
      path: /^retention$/,
      run: (request) => {
        retention.set(jsonBody(request, retentionSchema));
        return { json: retention.list() };
      },
    },
    { method: 'GET', path: /^roles$/, run: () => ({ json: roles }) },
    {
      method: 'PUT',
      path: /^roles$/,
      run: (request) => {
        const wish = jsonBody(request, rolesSchema);
        roles.graph = wish.graph ?? roles.graph;
        roles.sharepoint = wish.sharepoint ?? roles.sharepoint;
        parts.changed();
        return { json: roles };
      },
    },
    {
      method: 'POST',
      path: /^clock$/,
      run: (request) => {
        const { advanceSeconds } = jsonBody(request, clockSchema);
        clock.advance(advanceSeconds);
        parts.changed();
        events.emit('clock', { advanceSeconds, clockOffsetSeconds: clock.offsetSeconds });
        return { json: { now: clock.iso(), clockOffsetSeconds: clock.offsetSeconds } };
      },
    },
    {
      method: 'POST',
      path: /^notify$/,
      run: (request) => {
        const { personIds, batch, items } = jsonBody(request, notifySchema);
        const forPeople = notifier.raise(personIds, 'updated', batch);
        const forItems = items !== undefined && notifier.raiseItems(items, batch);
        return { status: 202, json: { subscribed: forPeople || forItems } };
      },
    },
    {
      method: 'GET',
      path: /^files$/,
      run: () => ({
        json: [...filesOn('mysite', books), ...filesOn('geo-mysite', books.geo)],
      }),
    },
  ];
}

function filesOn(host: 'mysite' | 'geo-mysite', site: MySite | undefined) {
  return [...(site?.files ?? [])].map(([path, { sha256, writtenBy, modifiedAt }]) => {
    return { host, path, sha256, writtenBy, modifiedAt };
  });
}
