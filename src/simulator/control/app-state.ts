import { z } from 'zod';
import { ControlProblem } from './control-problem';
import { jsonBody, type ControlRoute } from './control-route';

const TEXT = z.string().max(2_000);
const COUNT = z.number().min(0);

/** What the app keeps about its own work, times as ISO 8601 and empty where there is none. Further fields are dropped. */
const appStateSchema = z.object({
  sweep: z
    .object({
      startedAt: TEXT,
      finishedAt: TEXT,
      outcome: TEXT,
      reason: TEXT,
      stage: TEXT,
      seen: COUNT,
      /** Whom the sweep before saw, to tell how far this one is. */
      peopleBefore: COUNT,
    })
    .nullable(),
  records: z.array(
    z.object({
      startedAt: TEXT,
      outcome: TEXT,
      reason: TEXT,
      durationMs: COUNT,
      counts: z.object({
        seen: COUNT,
        inSync: COUNT,
        changed: COUNT,
        unannounced: COUNT,
        withoutPhoto: COUNT,
        failed: COUNT,
        requests: COUNT,
      }),
    }),
  ),
  subscriptions: z.array(z.object({ id: TEXT, validUntil: TEXT, renewedAt: TEXT })),
  /** `since`: when the photo was first seen gone; empty where the picture is cleared and only its files are left. */
  removals: z.array(z.object({ personId: TEXT, since: TEXT, filesDueAt: TEXT })),
  breaker: z.object({ stopId: TEXT, reason: TEXT, since: TEXT, resumedAt: TEXT }).nullable(),
  pausedBecause: TEXT,
});

export type AppState = z.input<typeof appStateSchema>;

const requestSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('sweep') }),
  z.strictObject({ what: z.literal('resume'), stopId: z.string().regex(/^[\w-]{1,100}$/) }),
]);

/** What somebody at the page asks the launcher to do, which is the one that can. */
export type AppRequest = z.infer<typeof requestSchema>;

/**
 * Between the launcher, which reads the app's tables, and the page: what the app keeps, and what is asked of the
 * launcher. It takes its requests with the answer to the next state it hands over.
 */
export function appStateRoutes(): ControlRoute[] {
  let state: z.infer<typeof appStateSchema> | null = null;
  let requests: AppRequest[] = [];
  return [
    { method: 'GET', path: /^app-state$/, run: () => ({ json: state }) },
    {
      method: 'PUT',
      path: /^app-state$/,
      run: (request) => {
        state = jsonBody(request, appStateSchema);
        const taken = requests;
        requests = [];
        return { json: { requests: taken } };
      },
    },
    {
      method: 'POST',
      path: /^app-requests$/,
      run: (request) => {
        if (state === null)
          throw new ControlProblem(409, 'Nobody hands over the app’s state: see npm start.');
        requests.push(jsonBody(request, requestSchema));
        return { status: 202, json: { waiting: requests.length } };
      },
    },
  ];
}
