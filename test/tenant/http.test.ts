import { AnswerTooLarge, jsonOf, readAnswer, retryAfterSeconds } from '../../src/tenant/http';

const read = (pending: Promise<Response>, maximumBytes = 100) => readAnswer('Graph', pending, maximumBytes);

/** A body in pieces, that may fail at its end. */
function inPieces(pieces: string[], failure?: Error) {
  const cancelled = jest.fn();
  const waiting = pieces.map((piece) => new TextEncoder().encode(piece));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = waiting.shift();
      if (piece) controller.enqueue(piece);
      else if (failure) controller.error(failure);
      else controller.close();
    },
    cancel: cancelled,
  });
  return { stream, cancelled };
}

describe('What a service asks us to wait', () => {
  const serverTime = new Date('2026-11-24T09:00:00Z');
  it.each([
    { when: 'a number', headers: { 'retry-after': '30' }, then: 30 },
    { when: 'no wait at all', headers: { 'retry-after': '0' }, then: 0 },
    { when: 'a number in spaces', headers: { 'retry-after': ' 30 ' }, then: 30 },
    { when: 'a date', headers: { 'retry-after': 'Tue, 24 Nov 2026 09:02:00 GMT' }, then: 120 },
    {
      when: 'a date that is past',
      headers: { 'retry-after': 'Tue, 24 Nov 2026 08:59:00 GMT' },
      then: undefined,
    },
    { when: 'SharePoint’s reset', headers: { 'ratelimit-reset': '42' }, then: 42 },
    {
      when: 'a number and a later reset',
      headers: { 'retry-after': '10', 'ratelimit-reset': '42' },
      then: 42,
    },
    {
      when: 'a number and an earlier reset',
      headers: { 'retry-after': '60', 'ratelimit-reset': '42' },
      then: 60,
    },
    {
      when: 'a date and a reset',
      headers: { 'retry-after': 'Tue, 24 Nov 2026 09:02:00 GMT', 'ratelimit-reset': '42' },
      then: 120,
    },
    { when: 'nothing', headers: {}, then: undefined },
    { when: 'blanks', headers: { 'retry-after': '', 'ratelimit-reset': '' }, then: undefined },
    { when: 'words', headers: { 'retry-after': 'soon', 'ratelimit-reset': 'later' }, then: undefined },
    { when: 'a negative number', headers: { 'retry-after': '-5', 'ratelimit-reset': '-5' }, then: undefined },
    {
      when: 'for ever',
      headers: { 'retry-after': 'Infinity', 'ratelimit-reset': 'Infinity' },
      then: undefined,
    },
  ])('is $then s when it says $when', ({ headers, then }) => {
    expect(retryAfterSeconds(new Headers(headers as Record<string, string>), serverTime)).toBe(then);
  });

  it('by a date is judged by its own clock, and unknown without it', () => {
    const headers = new Headers({ 'retry-after': 'Tue, 24 Nov 2026 09:02:00 GMT' });
    expect(retryAfterSeconds(headers, new Date('2026-11-24T09:01:30Z'))).toBe(30);
    expect(retryAfterSeconds(headers, undefined)).toBeUndefined();
  });
});

describe('An answer', () => {
  it.each([200, 204, 400, 404, 429, 503])('of status %i is read whole, whatever it is', async (status) => {
    const body = status === 204 ? null : 'whole';
    const answer = await read(
      Promise.resolve(new Response(body, { status, headers: { date: 'Tue, 24 Nov 2026 09:00:00 GMT' } })),
    );
    expect(answer).toMatchObject({ status, date: new Date('2026-11-24T09:00:00Z') });
    expect(answer.body.toString()).toBe(body ?? '');
  });

  it.each([undefined, 'now'])('with the date %s tells no time', async (date) => {
    const answer = await read(Promise.resolve(new Response('', { headers: date ? { date } : {} })));
    expect(answer.date).toBeUndefined();
  });

  it.each([301, 302, 303, 307, 308])(
    'that redirects (%i) is a failure and is not followed',
    async (status) => {
      const headers = { location: 'https://evil.example/' };
      await expect(read(Promise.resolve(new Response(null, { status, headers })))).rejects.toMatchObject({
        name: 'ServiceFailure',
        service: 'Graph',
        status,
        message: `Graph answered with a redirect (${String(status)}), which is not followed.`,
      });
    },
  );

  it('that announces too much is not read', async () => {
    const { stream, cancelled } = inPieces(['x']);
    const response = new Response(stream, { headers: { 'content-length': '52428800' } });
    await expect(read(Promise.resolve(response))).rejects.toThrow(AnswerTooLarge);
    expect(cancelled).toHaveBeenCalled();
  });

  it('that turns out too much is read no further', async () => {
    const { stream, cancelled } = inPieces(new Array<string>(1000).fill('0123456789'));
    await expect(read(Promise.resolve(new Response(stream)))).rejects.toThrow('more than 100 bytes');
    expect(cancelled).toHaveBeenCalled();
  });

  it('of just the most is read', async () => {
    const { stream } = inPieces(new Array<string>(10).fill('0123456789'));
    expect((await read(Promise.resolve(new Response(stream)))).body).toHaveLength(100);
  });

  it.each([
    {
      when: 'the host is not found',
      failure: new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }),
      then: 'Graph could not be reached (ENOTFOUND).',
    },
    {
      when: 'nothing is known',
      failure: new TypeError('fetch failed'),
      then: 'Graph could not be reached (TypeError).',
    },
    {
      when: 'it took too long',
      failure: Object.assign(new Error('late'), { name: 'TimeoutError' }),
      then: 'Graph did not answer in time.',
    },
    {
      when: "it took too long, in the words of Microsoft's Graph client",
      failure: Object.assign(new Error('late'), { statusCode: -1, code: 'TimeoutError' }),
      then: 'Graph did not answer in time.',
    },
  ])('that never came is a failure of the service: $when', async ({ failure, then }) => {
    await expect(read(Promise.reject(failure))).rejects.toMatchObject({
      name: 'ServiceFailure',
      message: then,
      status: undefined,
    });
  });

  it('that is cut off is a failure of the service', async () => {
    const cut = new TypeError('terminated', {
      cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }),
    });
    const { stream } = inPieces(['half'], cut);
    await expect(read(Promise.resolve(new Response(stream)))).rejects.toThrow(
      'Graph could not be reached (UND_ERR_SOCKET).',
    );
  });

  it.each([
    { body: '{"a":1}', then: { a: 1 } },
    { body: '<html>', then: undefined },
    { body: '', then: undefined },
  ])('of %j is the JSON it holds, if any', async ({ body, then }) => {
    expect(jsonOf(await read(Promise.resolve(new Response(body))))).toEqual(then);
  });
});
