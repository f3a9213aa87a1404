import { z } from 'zod';

const common = {
  /** 0 to 1; 1 unless given. */
  probability: z.number().min(0).max(1).optional(),
  /** So many that fit are let through first. */
  skip: z.number().int().positive().optional(),
  /** How often at most. */
  times: z.number().int().positive().optional(),
  /** Ends early when the fault is taken out of force. */
  delayMs: z.number().min(0).max(600_000).optional(),
};

const serviceFaultSchema = z.strictObject({
  service: z.enum(['graph', 'root', 'mysite', 'admin', 'geo-mysite', 'geo-admin', 'identity']),
  /** A regular expression over `METHOD /path?query`; all requests unless given. */
  match: z.string().max(500).refine(isRegularExpression, 'is not a regular expression').optional(),
  status: z.number().int().min(200).max(599).optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  /** `Retry-After` as a date, by the simulator's clock. */
  retryAfterDate: z.boolean().optional(),
  /** The work is done before the answer fails, or is delayed. */
  after: z.boolean().optional(),
  kind: z.enum(['reset', 'hang', 'truncate', 'redirect']).optional(),
  /** Where a `redirect` leads. */
  to: z.string().max(2_000).optional(),
  body: z.string().max(1_000_000).optional(),
  bodyBytes: z.number().int().min(0).max(1_000_000_000).optional(),
  contentType: z.string().max(200).optional(),
  ...common,
});

const notificationFaultSchema = z.strictObject({
  drop: z.boolean().optional(),
  duplicate: z.boolean().optional(),
  reorder: z.boolean().optional(),
  ...common,
});

/** One of the two, by whether it names a service; a union's own message would not say what is wrong. */
const faultSchema = z.looseObject({}).transform((given, context) => {
  const schema = 'service' in given ? serviceFaultSchema : notificationFaultSchema;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
});

export const faultsSchema = z.array(faultSchema).max(1_000);

export type ServiceFault = z.infer<typeof serviceFaultSchema>;
export type NotificationFault = z.infer<typeof notificationFaultSchema>;
export type Fault = ServiceFault | NotificationFault;

function isRegularExpression(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

export function isServiceFault(fault: Fault): fault is ServiceFault {
  return 'service' in fault;
}
