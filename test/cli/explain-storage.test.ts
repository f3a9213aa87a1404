import { explainStorage } from '../../src/cli/explain-storage';
import { InvalidSettings } from '../../src/errors';
import { storageFailure } from '../../src/storage/storage-failure';

const rest = (statusCode: number, code?: string) =>
  Object.assign(new Error('x'), { name: 'RestError', statusCode, ...(code && { code }) });
const network = (code: string) => Object.assign(new Error('x'), { code });
const queue = 'sending to the queue admin-request';
const table = 'listing the table PhotoSyncPeople';

it.each([
  {
    error: storageFailure(queue, rest(403, 'AuthorizationPermissionMismatch')),
    exitCode: 3,
    says: /"Storage Queue Data Contributor" on it/,
  },
  { error: storageFailure(table, rest(403)), exitCode: 3, says: /"Storage Table Data Contributor" on it/ },
  {
    error: storageFailure(queue, rest(401, 'InvalidAuthenticationInfo')),
    exitCode: 3,
    says: /another tenant/,
  },
  { error: storageFailure(queue, rest(403, 'AuthorizationFailure')), exitCode: 3, says: /network rules/ },
  {
    error: storageFailure(table, network('ENOTFOUND')),
    exitCode: 3,
    says: /no such storage account.*\(ststate\)/,
  },
  { error: storageFailure(table, rest(503, 'ServerBusy')), exitCode: 3, says: /503 ServerBusy.*try again/ },
  {
    error: new InvalidSettings(['PhotoSyncStorage__queueServiceUri: is no address.']),
    exitCode: 2,
    says: /is no address/,
  },
])('An admin is told what to do about "$error.message"', ({ error, exitCode, says }) => {
  const problem = explainStorage(error, 'ststate');
  expect(problem).toMatchObject({ exitCode, message: expect.stringMatching(says) });
  expect(problem?.message).not.toContain("app's identity");
});

it('What is no failure of storage stays as it is', () => {
  expect(explainStorage(new Error('a bug'), 'ststate')).toBeUndefined();
});
