import { scrub } from './scrub';

/**
 * One structured line a decision, as JSON text: an alert or a query matches on `event` and the fields. Object ids and
 * reasons only: never a photo, a token, a body, a clientState, a person's name or address. Text is scrubbed all the same.
 */
export type LogFields = Record<string, string | number | boolean | readonly string[] | undefined>;

export interface Log {
  debug(event: string, fields: LogFields): void;
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}

/** The part of a function's `InvocationContext` that logging needs. */
export interface LogTarget {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

export function createLog(target: LogTarget): Log {
  const line = (event: string, fields: LogFields) =>
    JSON.stringify({ event, ...fields }, (_name, value: unknown) =>
      typeof value === 'string' ? scrub(value) : value,
    );
  return {
    debug: (event, fields) => {
      target.debug(line(event, fields));
    },
    info: (event, fields) => {
      target.info(line(event, fields));
    },
    warn: (event, fields) => {
      target.warn(line(event, fields));
    },
    error: (event, fields) => {
      target.error(line(event, fields));
    },
  };
}
