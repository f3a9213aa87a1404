import { createServer, request as send, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What is done to a request that a rule fits. `before`: Storage never sees it; `after`: Storage has done its work. */
export type StorageFault =
  { hold: 'before' | 'after' } | { reset: 'before' | 'after' } | { answer: number } | { delayMs: number };

type FaultFields = Partial<
  Record<'hold' | 'reset', 'before' | 'after'> & Record<'answer' | 'delayMs', number>
>;

export interface StorageRuleOptions {
  /** Over `METHOD /account/path?query`, as sent. */
  match: RegExp;
  /** Over the body, as text. */
  body?: (text: string) => boolean;
  /** So many that fit are let through first. */
  skip?: number;
  /** How often at most. */
  times?: number;
}

export interface StorageRule {
  /** How often it was applied. */
  hits(): number;
  /** Resolves when so many requests have come to where the rule stops them. */
  reached(count?: number): Promise<void>;
  /** Lets go what it holds and holds nothing more. */
  release(): void;
}

export interface StorageProxy {
  /** For `storagePorts`. */
  ports: { queue: number; table: number };
  /** Where Azurite listens; until this is called, and while Azurite is down, connections are cut. */
  forwardTo(ports: { queue: number; table: number }): void;
  rule(fault: StorageFault, options: StorageRuleOptions): StorageRule;
  /** Every request so far, as `METHOD /account/path?query`. */
  seen: string[];
  /** Removes all rules and lets go what they hold. */
  clear(): void;
  close(): Promise<void>;
}

interface Rule extends StorageRuleOptions {
  fault: StorageFault;
  fitted: number;
  hits: number;
  arrived: number;
  awaited: { count: number; resolve: () => void }[];
  released: Promise<void>;
  release: () => void;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/**
 * Stands between the app and Azurite's queues and tables, and fails or holds what a rule says. Requests are signed
 * over the path, not the host, so they pass unchanged.
 */
export async function startStorageProxy(): Promise<StorageProxy> {
  const rules: Rule[] = [];
  const seen: string[] = [];
  const agent = new Agent({ keepAlive: true });
  const azurite = { queue: 0, table: 0 };

  const listen = async (service: 'queue' | 'table') => {
    const server = createServer((incoming, outgoing) => {
      serve(service, incoming, outgoing).catch(() => outgoing.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };

  const serve = async (service: 'queue' | 'table', incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readAll(incoming);
    const line = `${incoming.method ?? ''} ${incoming.url ?? ''}`;
    seen.push(line);
    const rule = takeRule(rules, line, body);
    const { answer: status, reset, hold, delayMs }: FaultFields = rule?.fault ?? {};

    if (status !== undefined) {
      write(outgoing, refusal(service, status));
      return;
    }
    if (reset === 'before') {
      outgoing.destroy();
      return;
    }
    if (hold === 'before') await holdUntilReleased(rule, outgoing);
    if (delayMs !== undefined) await wait(delayMs);
    // Whoever sent it is gone: to Storage it was never sent.
    if (outgoing.destroyed) return;

    const answer = await forward(agent, azurite[service], incoming, body);
    if (hold === 'after') await holdUntilReleased(rule, outgoing);
    if (reset === 'after') outgoing.destroy();
    else write(outgoing, answer);
  };

  const servers = { queue: await listen('queue'), table: await listen('table') };
  const portOf = (service: 'queue' | 'table') => (servers[service].address() as AddressInfo).port;
  const clear = () => {
    for (const rule of rules.splice(0)) rule.release();
  };
  return {
    ports: { queue: portOf('queue'), table: portOf('table') },
    forwardTo: (ports) => Object.assign(azurite, { queue: ports.queue, table: ports.table }),
    rule: (fault, options) => {
      const rule = newRule(fault, options);
      rules.push(rule);
      return {
        hits: () => rule.hits,
        reached: (count = 1) =>
          rule.arrived >= count
            ? Promise.resolve()
            : new Promise((resolve) => rule.awaited.push({ count, resolve })),
        release: () => {
          rules.splice(rules.indexOf(rule), 1);
          rule.release();
        },
      };
    },
    seen,
    clear,
    close: async () => {
      clear();
      agent.destroy();
      const closing = Object.values(servers).map(async (server) => {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      });
      await Promise.all(closing);
    },
  };
}

function newRule(fault: StorageFault, options: StorageRuleOptions): Rule {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return { ...options, fault, fitted: 0, hits: 0, arrived: 0, awaited: [], released, release };
}

function takeRule(rules: readonly Rule[], line: string, body: Buffer): Rule | undefined {
  for (const rule of rules) {
    if (!rule.match.test(line) || rule.body?.(body.toString('utf8')) === false) continue;
    rule.fitted++;
    if (rule.fitted <= (rule.skip ?? 0) || rule.hits >= (rule.times ?? Infinity)) continue;
    rule.hits++;
    if (!('hold' in rule.fault)) arrive(rule);
    return rule;
  }
  return undefined;
}

function arrive(rule: Rule): void {
  rule.arrived++;
  for (const { count, resolve } of rule.awaited) if (rule.arrived >= count) resolve();
}

async function holdUntilReleased(rule: Rule | undefined, outgoing: ServerResponse): Promise<void> {
  if (!rule) return;
  arrive(rule);
  await Promise.race([rule.released, once(outgoing, 'close')]);
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function forward(
  agent: Agent,
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  const outgoing = send({ agent, host: '127.0.0.1', port, method, path: url, headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await readAll(answer) };
}

function write(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { 'transfer-encoding': _chunked, connection: _connection, ...kept } = headers;
  outgoing.writeHead(status, { ...kept, 'content-length': body.length });
  outgoing.end(body);
}

const codes: Record<number, string> = {
  412: 'UpdateConditionNotSatisfied',
  500: 'InternalError',
  503: 'ServerBusy',
};

/** https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
function refusal(service: 'queue' | 'table', status: number): Answer {
  const code = codes[status] ?? 'InternalError';
  const [type, body] =
    service === 'table'
      ? ['application/json', JSON.stringify({ 'odata.error': { code, message: { value: code } } })]
      : ['application/xml', `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`];
  return { status, headers: { 'content-type': type, 'x-ms-error-code': code }, body: Buffer.from(body) };
}
