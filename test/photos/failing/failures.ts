import type { ServiceFault } from '../../support/control-api';

/** Every way in which a request fails, as the local tenant is asked for it. */
export const failures = {
  '401': { status: 401 },
  '403': { status: 403 },
  '404': { status: 404 },
  '409': { status: 409 },
  '412': { status: 412 },
  '423': { status: 423 },
  '429 for 7 s': { status: 429, retryAfterSeconds: 7 },
  '429 until a date': { status: 429, retryAfterSeconds: 30, retryAfterDate: true },
  '500': { status: 500 },
  '503': { status: 503 },
  '504': { status: 504 },
  reset: { kind: 'reset' },
  'no answer': { kind: 'hang' },
  'cut off': { kind: 'truncate' },
  'answer lost': { kind: 'reset', after: true },
} as const satisfies Record<string, Omit<ServiceFault, 'service'>>;

export type Failure = keyof typeof failures;
export const allFailures = Object.keys(failures) as Failure[];
