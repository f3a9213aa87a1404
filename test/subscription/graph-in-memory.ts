import type { GraphSubscription } from '../../src/tenant/graph-subscriptions';

/** Graph's subscriptions in memory. What `onCreate` and `onRenew` throw is Graph's answer. */
export function graphInMemory(now: () => Date) {
  const listed: GraphSubscription[] = [];
  const secrets: string[] = [];
  const graph = {
    listed,
    secrets,
    onCreate: async (): Promise<void> => undefined,
    onRenew: async (): Promise<void> => undefined,
    list: jest.fn(async () => ({ subscriptions: [...listed], now: now() })),
    create: jest.fn(async ({ clientState, ...request }: Parameters<GraphSubscriptionsCreate>[0]) => {
      secrets.push(clientState);
      const id = `subscription-${String(secrets.length)}`;
      await graph.onCreate();
      const made = { id, resource: 'users', ...request };
      listed.push(made);
      return made;
    }),
    renew: jest.fn(async (id: string, expiresAt: Date) => {
      await graph.onRenew();
      const found = listed.find((one) => one.id === id);
      if (found) found.expiresAt = expiresAt;
      return found?.expiresAt;
    }),
    remove: jest.fn(async (id: string) => {
      const at = listed.findIndex((one) => one.id === id);
      if (at >= 0) listed.splice(at, 1);
    }),
  };
  return graph;
}

type GraphSubscriptionsCreate = (request: {
  notificationUrl: string;
  lifecycleUrl: string;
  clientState: string;
  expiresAt: Date;
}) => unknown;
