import { z } from 'zod';
import { ControlProblem } from './control-problem';

export interface ControlRequest {
  /** What the route's pattern captured. */
  params: string[];
  query: URLSearchParams;
  contentType: string;
  body: Buffer;
}

export type ControlAnswer =
  { json: unknown; status?: number } | { bytes: Buffer; contentType: string; etag?: string };

export interface ControlRoute {
  method: string;
  /** Over the path behind `/_sim/`. */
  path: RegExp;
  run: (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>;
}

export function jsonBody<Schema extends z.ZodType>(request: ControlRequest, schema: Schema): z.infer<Schema> {
  let given: unknown;
  try {
    given = JSON.parse(request.body.toString()) as unknown;
  } catch {
    throw new ControlProblem(400, 'The body has to be JSON.');
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ControlProblem(400, z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' '));
  return parsed.data;
}

/** A whole number from the query; `standard` when it isn't there. */
export function numberIn(query: URLSearchParams, name: string, standard: number): number {
  const text = query.get(name);
  if (text === null) return standard;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new ControlProblem(400, `"${name}" has to be a whole number.`);
  return value;
}

/** `true` and `false`; undefined when it isn't there. */
export function flagIn(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text !== 'true' && text !== 'false')
    throw new ControlProblem(400, `"${name}" has to be true or false.`);
  return text === 'true';
}
