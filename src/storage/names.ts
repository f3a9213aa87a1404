/** Names that the triggers, the code and the templates share. */

/** The connection that triggers and clients use: an app setting of this name, or settings with this prefix. */
export const connectionName = 'PhotoSyncStorage';

export const queueNames = {
  /** Live events, from notifications. */
  photoChanged: 'photo-changed',
  /** What the sweep and the admin's tool ask for: a live event never waits behind it. */
  photoChangedBacklog: 'photo-changed-backlog',
} as const;

export type PhotoQueueName = (typeof queueNames)[keyof typeof queueNames];

/** The Functions host moves a message here after its last try. */
export const poisonQueueOf = <Q extends string>(queue: Q): `${Q}-poison` => `${queue}-poison`;

export const tableNames = {
  /** One row a person, and beside it one that says when that person was last looked at. */
  people: 'PhotoSyncPeople',
  subscriptions: 'PhotoSyncSubscriptions',
  control: 'PhotoSyncControl',
} as const;
