/** Names that the triggers, the code and the templates share. */

/** The connection that triggers and clients use: an app setting of this name, or settings with this prefix. */
export const connectionName = 'PhotoSyncStorage';

export const queueNames = {
  /** Live events, from notifications. */
  photoChanged: 'photo-changed',
  /** What the sweep and the admin's tool ask for: a live event never waits behind it. */
  photoChangedBacklog: 'photo-changed-backlog',
  /** One page of a sweep to go on with. */
  sweepPage: 'sweep-page',
  /** What Graph told of the subscription itself. */
  subscriptionEvent: 'subscription-event',
  /** What the admin's tool asks the app to do. */
  adminRequest: 'admin-request',
} as const;

export type QueueName = (typeof queueNames)[keyof typeof queueNames];

/** The queues of events about one person's photo. */
export type PhotoQueueName = (typeof queueNames)['photoChanged' | 'photoChangedBacklog'];

/** The Functions host moves a message here after its last try. */
export const poisonQueueOf = <Q extends string>(queue: Q): `${Q}-poison` => `${queue}-poison`;

export const tableNames = {
  /** One row a person, and beside it one that says when that person was last looked at. */
  people: 'PhotoSyncPeople',
  subscriptions: 'PhotoSyncSubscriptions',
  /** What concerns all instances: the pause, the breaker, the budget, what was counted today. */
  control: 'PhotoSyncControl',
  /** The sweep at work, and a record of each one before. */
  sweeps: 'PhotoSyncSweeps',
  /** Who is in the pilot group and in the exclusion group. */
  scope: 'PhotoSyncScope',
  /** What came of the requests of the admin's tool. */
  records: 'PhotoSyncRecords',
} as const;
