import { queueNames, tableNames } from '../../../src/storage/names';
import type { PhotoEvent } from '../../../src/photos/photo-event';
import type { SubscriptionEvent } from '../../../src/subscription/subscription-event';
import type { Journey } from '../../support/journey';

/** What came of a call, beside its answer. */
export interface Effects {
  /** The events queued for it. */
  events: (PhotoEvent | SubscriptionEvent)[];
  /** Requests that the app made of Microsoft 365. */
  fetched: unknown[];
  /** Whether SharePoint's files or the app's rows about people changed. */
  hasWritten: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** The notification endpoint of a journey whose events nobody takes from the queue, so that each one is seen. */
export function openEndpoint(journey: Journey) {
  const { tenant, control, storage } = journey;
  const address = `${tenant.functionsUrl}/api/notifications`;

  async function takeQueued(): Promise<Effects['events']> {
    const events: Effects['events'] = [];
    for (const name of Object.values(queueNames)) {
      const queue = storage.queues.getQueueClient(name);
      if ((await storage.waiting(name)) === 0) continue;
      for (;;) {
        const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
        if (receivedMessageItems.length === 0) break;
        for (const { messageText, messageId, popReceipt } of receivedMessageItems) {
          const body = JSON.parse(Buffer.from(messageText, 'base64').toString('utf8')) as {
            photoChanged?: PhotoEvent;
            subscriptionEvent?: SubscriptionEvent;
          };
          const kind = name === queueNames.subscriptionEvent ? 'subscriptionEvent' : 'photoChanged';
          expect(body).toEqual({ version: 1, [kind]: expect.any(Object) });
          events.push(body[kind]!);
          await queue.deleteMessage(messageId, popReceipt);
        }
      }
    }
    return events;
  }

  /** All that a caller could make the app write, as one text. */
  async function written(): Promise<string> {
    const rows: unknown[] = [];
    try {
      for await (const row of storage.table(tableNames.people).listEntities()) rows.push(row);
    } catch (error) {
      // The table is made when the app first needs it.
      if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error;
    }
    return JSON.stringify([rows, await control.files()]);
  }

  async function call(url: string, init: RequestInit): Promise<Answer> {
    const send = (tries: number): Promise<Response> =>
      fetch(url, { redirect: 'manual', ...init }).catch((error: unknown) => {
        // The host answers a body that is too large without reading it all, and the connection may be cut before the answer is read.
        if (tries <= 1) throw error;
        return send(tries - 1);
      });
    const response = await send(10);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  // What a call leaves is what the next one finds.
  let left: string | undefined;

  return {
    address,
    takeQueued,

    call: (query: string, init: RequestInit) => call(`${address}${query}`, init),
    callLifecycle: (query: string, init: RequestInit) =>
      call(`${tenant.functionsUrl}/api/lifecycle${query}`, init),

    /** Runs `act`, and tells what it led to. */
    async effectsOf<T>(act: () => Promise<T>): Promise<Effects & { result: T }> {
      const [before, since] = [left ?? (await written()), await control.lastRequest()];
      const result = await act();
      const events = await takeQueued();
      left = await written();
      return { result, events, fetched: await control.requests(since), hasWritten: left !== before };
    },
  };
}

export type Endpoint = ReturnType<typeof openEndpoint>;
