import type { Answer } from '../../src/tenant/http';
import type { GraphClient } from '../../src/tenant/graph-client';

/** What Graph answers; the time is that of its `Date` header. */
export const graphTime = new Date('2026-11-27T12:00:00Z');

export interface ScriptedAnswer {
  status?: number;
  body?: unknown;
}

export interface BatchPart {
  id: string;
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string> | undefined;
  /** Of a batch: what its parts ask for. */
  parts: { id: string; method: string; url: string }[];
}

/** A Graph client that gives these answers one after the other, and remembers what it was asked. */
export function scriptedGraph(answers: readonly ScriptedAnswer[]): { client: GraphClient; asked: Asked[] } {
  const asked: Asked[] = [];
  const left = answers.values();
  const client: GraphClient = {
    async request(method, path, { body, headers } = {}) {
      const { requests = [] } = (body ?? {}) as { requests?: Asked['parts'] };
      asked.push({ method, path, headers, parts: requests });
      const { value, done } = left.next();
      if (done) throw new Error(`Nobody expected ${method} ${path}.`);
      return toAnswer(value);
    },
  };
  return { client, asked };
}

const toAnswer = ({ status = 200, body }: ScriptedAnswer): Answer => ({
  status,
  headers: new Headers(),
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {})),
  date: graphTime,
});

export const batch = (responses: readonly BatchPart[]): ScriptedAnswer => ({ body: { responses } });
