import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Reply {
  status: number;
  contentType?: string;
  body?: string;
}

interface Item {
  id?: string;
  subscriptionId: string;
  clientState: string;
  resource: string;
  resourceData: { id: string };
}

/** An endpoint that Graph could call: echoes the token, takes notifications, unless told otherwise. */
export async function runWebhook() {
  const received: Received[] = [];
  const waiters: (() => void)[] = [];
  const webhook = {
    received,
    url: '',
    reply: undefined as ((request: Received) => Reply | Promise<Reply>) | undefined,
    /** Items of the notifications so far, one list a POST. */
    posts: (): Item[][] =>
      received
        .filter(({ url }) => !url.searchParams.has('validationToken'))
        .map(({ body }) => (JSON.parse(body) as { value: Item[] }).value),
    personIds: (): string[] =>
      webhook
        .posts()
        .flat()
        .map(({ resourceData }) => resourceData.id),
    /** Resolves once so many notifications have come. */
    async posted(count: number): Promise<void> {
      while (webhook.posts().length < count) await new Promise<void>((resolve) => waiters.push(resolve));
    },
    end: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  const answerTo = (request: Received): Reply | Promise<Reply> => {
    if (webhook.reply !== undefined) return webhook.reply(request);
    const token = request.url.searchParams.get('validationToken');
    return token === null
      ? { status: 202 }
      : { status: 200, contentType: 'text/plain; charset=utf-8', body: token };
  };
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const one = { url, headers: request.headers, body: (await buffer(request)).toString() };
      const { status, contentType = 'text/plain', body = '' } = await answerTo(one);
      received.push(one);
      response.writeHead(status, { 'Content-Type': contentType }).end(body);
      for (const waiter of waiters.splice(0)) waiter();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  webhook.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/notifications`;
  return webhook;
}

export type Webhook = Awaited<ReturnType<typeof runWebhook>>;
