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
export const misdeeds: { what: string; tampering: Tampering; then: string }[] = [
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
];

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
