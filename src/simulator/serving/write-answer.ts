import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServiceAnswer, ServiceRole } from '../books';
import type { MovableClock } from '../clock';
import { faultAnswer } from '../faults/fault-answer';
import type { ServiceFault } from '../faults/fault-schema';

const CHUNK = Buffer.alloc(64 * 1_024, 0x20);

/** A JPEG's first bytes, so that a reader that trusts magic bytes reads on. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

export interface Written {
  /** 0: cut before an answer. */
  status: number;
  inner?: ServiceAnswer['inner'];
}

function writeHead(
  response: ServerResponse,
  answer: ServiceAnswer,
  clock: MovableClock,
  length?: number,
): void {
  response.sendDate = false;
  response.writeHead(answer.status, {
    Date: new Date(clock.now()).toUTCString(),
    ...answer.headers,
    ...(length === undefined ? {} : { 'Content-Length': length }),
  });
}

/** `Date` is the simulator's, because whoever reads it has to see the clock that expiries go by. */
export function writeAnswer(answer: ServiceAnswer, response: ServerResponse, clock: MovableClock): Written {
  const body = Buffer.from(answer.body ?? '');
  const bodiless = answer.status === 204 || answer.status === 304;
  writeHead(response, answer, clock, bodiless ? undefined : body.length);
  response.end(bodiless ? undefined : body);
  return { status: answer.status, ...(answer.inner === undefined ? {} : { inner: answer.inner }) };
}

function* manyBytes(count: number): Generator<Buffer> {
  yield JPEG_START.subarray(0, count);
  for (let left = count - JPEG_START.length; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

/** `own`: what the service answered, if it was asked; a truncated answer is a part of it. */
export async function writeFault(
  role: ServiceRole,
  fault: ServiceFault,
  own: ServiceAnswer,
  response: ServerResponse,
  clock: MovableClock,
): Promise<Written> {
  if (fault.kind === 'reset') {
    response.socket?.destroy();
    return { status: 0 };
  }
  if (fault.kind === 'hang') {
    if (!response.destroyed) await once(response, 'close');
    return { status: 0 };
  }
  if (fault.bodyBytes !== undefined) {
    const status = fault.status ?? 200;
    writeHead(response, { status, headers: { 'Content-Type': fault.contentType ?? 'image/jpeg' } }, clock);
    // Whoever has had enough hangs up: that is what this fault is for.
    await pipeline(Readable.from(manyBytes(fault.bodyBytes)), response).catch(() => undefined);
    return { status };
  }
  if (fault.kind !== 'truncate') return writeAnswer(faultAnswer(role, fault, clock), response, clock);
  const answer =
    fault.status === undefined && fault.body === undefined ? own : faultAnswer(role, fault, clock);
  const body = Buffer.from(answer.body ?? '');
  writeHead(response, answer, clock, body.length + 1);
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
  return { status: answer.status };
}
