import { InvalidSettings } from '../../src/errors';
import { storageConnection } from '../../src/storage/connection';

const queue = 'PhotoSyncStorage__queueServiceUri';
const table = 'PhotoSyncStorage__tableServiceUri';
const azure = {
  [queue]: 'https://photos.queue.core.windows.net',
  [table]: 'https://photos.table.core.windows.net',
};

describe('The connection to Storage', () => {
  it('is a connection string where the exact name has one', () => {
    const environment = { ...azure, PhotoSyncStorage: 'UseDevelopmentStorage=true' };
    expect(storageConnection(environment)).toEqual({ connectionString: 'UseDevelopmentStorage=true' });
  });

  it.each([{ name: undefined }, { name: '' }])(
    'is addresses and an identity where the exact name has $name',
    ({ name }) => {
      expect(storageConnection({ ...azure, PhotoSyncStorage: name })).toEqual({
        queueServiceUri: azure[queue],
        tableServiceUri: azure[table],
        credential: expect.objectContaining({ getToken: expect.any(Function) }),
      });
    },
  );

  it.each([
    { when: 'nothing is set', environment: {}, then: [queue, table] },
    { when: 'the tables are missing', environment: { [queue]: azure[queue] }, then: [table] },
    {
      when: 'an address is not https',
      environment: { ...azure, [queue]: 'http://photos.queue.core.windows.net' },
      then: [queue],
    },
    { when: 'an address is a name only', environment: { ...azure, [table]: 'photos' }, then: [table] },
  ])('is refused with every problem named when $when', ({ environment, then }) => {
    const act = () => storageConnection(environment);
    expect(act).toThrow(InvalidSettings);
    try {
      act();
    } catch (error) {
      expect((error as InvalidSettings).problems.map((problem) => problem.split(':')[0])).toEqual(then);
    }
  });

  it('is refused without repeating what was pasted in the wrong place', () => {
    const pasted = 'DefaultEndpointsProtocol=https;AccountName=photos;AccountKey=c2VjcmV0';
    expect(() => storageConnection({ ...azure, [queue]: pasted })).toThrow(
      expect.objectContaining({ problems: [expect.not.stringContaining('c2VjcmV0')] }),
    );
  });

  it('may be plain http on this machine', () => {
    const local = {
      [queue]: 'http://127.0.0.1:10001/devstoreaccount1',
      [table]: 'http://localhost:10002/devstoreaccount1',
    };
    expect(storageConnection(local)).toMatchObject({ queueServiceUri: local[queue] });
  });
});
