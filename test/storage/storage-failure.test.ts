import { inspect } from 'node:util';
import { ServiceFailure } from '../../src/errors';
import { createdWhenMissing, statusOf, storageFailure } from '../../src/storage/storage-failure';

/** Errors in the shapes that the Storage libraries throw. */
const rest = (statusCode: number, code?: string, details?: object) =>
  Object.assign(new Error('request headers: authorization: SharedKey secret'), {
    name: 'RestError',
    statusCode,
    ...(code && { code }),
    ...(details && { details }),
  });
const network = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.4:443`), { code });

describe('A failure of Azure Storage', () => {
  it.each([
    { when: 'the queue is busy', error: rest(503, 'ServerBusy'), status: 503, then: '503 ServerBusy.' },
    { when: 'the table says no more than a status', error: rest(500), status: 500, then: '500.' },
    { when: 'nobody listens', error: network('ECONNREFUSED'), status: undefined, then: 'ECONNREFUSED.' },
    {
      when: 'it took too long',
      error: Object.assign(new Error('x'), { name: 'AbortError' }),
      status: undefined,
      then: 'AbortError.',
    },
    { when: 'it is no error at all', error: 'secret', status: undefined, then: 'string.' },
    { when: 'it is nothing', error: undefined, status: undefined, then: 'undefined.' },
  ])('is told in our words, without the request that it carries, when $when', ({ error, status, then }) => {
    const failure = storageFailure('sending to the queue photo-changed', error);
    expect(failure).toBeInstanceOf(ServiceFailure);
    expect(failure).toMatchObject({ service: 'storage', status, cause: undefined });
    expect(failure.message).toBe(`Azure Storage failed while sending to the queue photo-changed: ${then}`);
    expect(inspect(failure)).not.toContain('secret');
  });

  it.each([401, 403])('of status %i names the roles that are missing', (status) => {
    const { message } = storageFailure('reading', rest(status, 'AuthorizationPermissionMismatch'));
    expect(message).toContain('"Storage Queue Data Contributor"');
    expect(message).toContain('"Storage Table Data Contributor"');
  });

  it.each([
    { error: rest(404), then: 404 },
    { error: network('ECONNRESET'), then: undefined },
    { error: { statusCode: 404 }, then: undefined },
    { error: Object.assign(new Error('x'), { statusCode: '404' }), then: undefined },
    { error: null, then: undefined },
  ])('has the status $then', ({ error, then }) => {
    expect(statusOf(error)).toBe(then);
  });
});

describe('A queue or table', () => {
  it.each([
    { when: 'the queue is missing', error: rest(404, 'QueueNotFound') },
    { when: 'the table is missing', error: rest(404, undefined, { odataError: { code: 'TableNotFound' } }) },
    { when: 'the table is missing and says so plainly', error: rest(404, 'TableNotFound') },
  ])('is made, and the work done once more, when $when', async ({ error }) => {
    const create = jest.fn(async () => undefined);
    const action = jest.fn(async () => 'done').mockRejectedValueOnce(error);
    expect(await createdWhenMissing(create, action)).toBe('done');
    expect(create).toHaveBeenCalledTimes(1);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it.each([
    { when: 'a row is missing', error: rest(404, undefined, { odataError: { code: 'ResourceNotFound' } }) },
    { when: 'somebody else wrote first', error: rest(412, 'UpdateConditionNotSatisfied') },
    { when: 'nobody listens', error: network('ECONNREFUSED') },
    {
      when: 'there is no such account',
      error: Object.assign(network('ENOTFOUND'), { details: undefined }),
    },
  ])('is not made when $when', async ({ error }) => {
    const create = jest.fn(async () => undefined);
    const action = jest.fn().mockRejectedValue(error);
    await expect(createdWhenMissing(create, action)).rejects.toBe(error);
    expect(create).not.toHaveBeenCalled();
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('that can’t be made is the failure', async () => {
    const create = jest.fn().mockRejectedValue(rest(403));
    const action = jest.fn().mockRejectedValue(rest(404, 'QueueNotFound'));
    await expect(createdWhenMissing(create, action)).rejects.toMatchObject({ statusCode: 403 });
  });
});
