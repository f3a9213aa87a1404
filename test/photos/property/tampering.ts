import type { Tampering } from './play';
import { alex, bea } from '../../support/ids';

/** The ports as they would be if a rule of the protocol did not exist. */
export const without: Record<'claim' | 'force' | 'force of a copy', Tampering> = {
  /** Every comparing write succeeds, and the claim looks the same for ever. */
  claim: {
    ports: (ports) => ({
      ...ports,
      people: {
        ...ports.people,
        read: async (personId) => ({ ...(await ports.people.read(personId)), token: 'anybody' }),
        write: async (personId, _token, changes) => {
          await ports.people.overwrite(personId, changes);
          return 'anybody';
        },
      },
    }),
  },
  /** Every delivery looks like the first. */
  force: {
    delivery: (event, delivery) => [
      { ...event, force: false },
      { ...delivery, dequeueCount: 1 },
    ],
  },
  /** What is put back does not say that it has to be written. */
  'force of a copy': {
    ports: (ports) => ({
      ...ports,
      queue: {
        ...ports.queue,
        send: (queue, event, options) => ports.queue.send(queue, { ...event, force: false }, options),
      },
    }),
  },
};

/** What no worker of ours does. */
export const misdeeds: { runs?: number; what: string; tampering: Tampering; then: string }[] = [
  {
    what: 'a file of SharePoint’s own is overwritten',
    tampering: writingAs(() => 'alex_b_contoso_example_MThumb.jpg'),
    then: 'alex_b_contoso_example_MThumb.jpg was touched',
  },
  {
    what: 'a file of no known name is added',
    tampering: writingAs((name) => `new-${name}`),
    then: 'Thumb.jpg was added',
  },
  {
    what: 'somebody gets another person’s picture',
    tampering: writingAs((name) => name.replace(alex, bea)),
    then: 'was given somebody else’s photo',
  },
  {
    what: 'the sync of SharePoint’s own is switched off',
    tampering: {
      ports: (ports) => ({
        ...ports,
        profiles: {
          ...ports.profiles,
          setProperties: (site, accountName, changes, before) => {
            const more = [...changes, ['SPS-PictureExchangeSyncState', '0'] as const];
            return ports.profiles.setProperties(site, accountName, more, before);
          },
        },
      }),
    },
    then: 'SPS-PictureExchangeSyncState was written',
  },
  {
    what: 'a picture is taken away without a second confirmation',
    runs: 300,
    tampering: {
      ports: (ports) => ({
        ...ports,
        people: {
          ...ports.people,
          read: async (personId) => {
            const { row, ...reading } = await ports.people.read(personId);
            return { ...reading, row: row && { ...row, ...doubtedLongAgo } };
          },
        },
      }),
    },
    then: 'was cleared without proof',
  },
  {
    what: 'nobody checks whose profile it is',
    tampering: {
      ports: (ports) => ({
        ...ports,
        profiles: {
          ...ports.profiles,
          readProfile: async (userPrincipalName, before) => {
            const theirs = userPrincipalName.replace('alex', 'bea');
            const profile = await ports.profiles.readProfile(theirs, before);
            const properties = new Map(profile?.properties);
            properties.delete('msOnline-ObjectId');
            return profile && { ...profile, properties };
          },
        },
      }),
    },
    then: 'was given the picture',
  },
];

/** The row says that everybody's photo was found missing long ago. */
const doubtedLongAgo = { doubt: 'removed', doubtEtag: '', doubtSince: '2020-01-01T00:00:00.000Z' };

function writingAs(rename: (name: string) => string): Tampering {
  return {
    ports: (ports) => ({
      ...ports,
      profiles: {
        ...ports.profiles,
        putPicture: (site, folder, name, bytes, type, before) =>
          ports.profiles.putPicture(site, folder, rename(name), bytes, type, before),
      },
    }),
  };
}
