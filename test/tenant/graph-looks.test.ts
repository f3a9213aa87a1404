import { ServiceFailure } from '../../src/errors';
import { createPhotoLooks } from '../../src/tenant/graph-looks';
import { alex, bea, personIds } from '../support/ids';
import {
  batch,
  graphTime,
  scriptedGraph,
  type BatchPart,
  type ScriptedAnswer,
} from '../support/scripted-graph';

const photoOf = (id: string): BatchPart => ({
  id,
  status: 200,
  body: { '@odata.mediaEtag': `"${id}"`, width: 648, height: 648 },
});
const throttled = (id: string, seconds?: number | string): BatchPart => ({
  id,
  status: 429,
  ...(seconds !== undefined && { headers: { 'Retry-After': String(seconds) } }),
});
const foundOf = (id: string) => ({ kind: 'photo', etag: `"${id}"`, width: 648, height: 648 });

/** Looks at these people, with these answers in turn. */
async function look(personIds: readonly string[], answers: readonly ScriptedAnswer[]) {
  const { client, asked } = scriptedGraph(answers);
  const slept: number[] = [];
  const looking = createPhotoLooks(client, async (milliseconds) => slept.push(milliseconds));
  const result = await looking
    .lookAtAll(personIds)
    .catch((error: unknown) => (error instanceof ServiceFailure ? error : Promise.reject(error as Error)));
  return { result, slept, asked };
}

describe('A look in a batch', () => {
  it('asks for the metadata of each photo in one request', async () => {
    const { asked, result } = await look([alex, bea], [batch([photoOf(bea), photoOf(alex)])]);
    expect(asked).toMatchObject([{ method: 'POST', path: '/$batch' }]);
    expect(asked[0]!.parts).toEqual([
      { id: alex, method: 'GET', url: `/users/${alex}/photo` },
      { id: bea, method: 'GET', url: `/users/${bea}/photo` },
    ]);
    const looks = new Map([alex, bea].map((id) => [id, foundOf(id)]));
    expect(result).toEqual({ looks, requests: 1 });
  });

  it.each([
    {
      when: 'the photo is there',
      part: { status: 200, body: { '@odata.mediaEtag': '"1"', width: 90, height: 120 } },
      then: { kind: 'photo', etag: '"1"', width: 90, height: 120 },
    },
    {
      when: 'there is no photo',
      part: { status: 404, body: { error: { code: 'ImageNotFound' } } },
      then: { kind: 'none', code: 'ImageNotFound' },
    },
    {
      when: 'there is none, and no word why',
      part: { status: 404, body: undefined },
      then: { kind: 'none', code: 'unknown' },
    },
    {
      when: 'the placeholder of one pixel is served',
      part: { status: 200, body: { '@odata.mediaEtag': '"1"', width: 1, height: 1 } },
      then: { kind: 'none', code: 'placeholder' },
    },
    {
      when: 'the placeholder has no etag',
      part: { status: 200, body: { '@odata.mediaEtag': '', width: 1, height: 1 } },
      then: { kind: 'none', code: 'placeholder' },
    },
    {
      when: 'the answer lacks the etag',
      part: { status: 200, body: { width: 648, height: 648 } },
      then: { kind: 'unknown' },
    },
    { when: 'one person is refused', part: { status: 403, body: {} }, then: { kind: 'unknown' } },
    { when: 'a status is unheard of', part: { status: 207, body: {} }, then: { kind: 'unknown' } },
  ])('says $then.kind where $when', async ({ part, then }) => {
    const { result } = await look([alex], [batch([{ id: alex, ...part }])]);
    expect(result).toEqual({ looks: new Map([[alex, then]]), requests: 1 });
  });

  it('says nothing about whom Graph left out, and takes no word about others', async () => {
    const { result } = await look([alex, bea], [batch([photoOf(alex), photoOf(personIds(1)[0]!)])]);
    expect(result).toEqual({ looks: new Map([[alex, foundOf(alex)]]), requests: 1 });
  });
});

describe('A throttled part of a batch', () => {
  it.each([
    { when: 'Graph names seconds', wait: 7, then: 7000 },
    { when: 'Graph names a date', wait: new Date(graphTime.getTime() + 9000).toUTCString(), then: 9000 },
    { when: 'Graph names no time', wait: undefined, then: 1000 },
    { when: 'Graph says at once', wait: 0, then: 1000 },
  ])('is asked for again, alone, after $then ms where $when', async ({ wait, then }) => {
    const answers = [batch([photoOf(alex), throttled(bea, wait)]), batch([photoOf(bea)])];
    const { result, slept, asked } = await look([alex, bea], answers);
    expect(slept).toEqual([then]);
    expect(asked[1]!.parts.map(({ id }) => id)).toEqual([bea]);
    expect(result).toEqual({ looks: new Map([alex, bea].map((id) => [id, foundOf(id)])), requests: 2 });
  });

  it('waits for the longest of several', async () => {
    const answers = [batch([throttled(alex, 2), throttled(bea, 5)]), batch([photoOf(alex), photoOf(bea)])];
    expect((await look([alex, bea], answers)).slept).toEqual([5000]);
  });

  it.each([
    { when: 'it stays throttled', answers: Array(4).fill(batch([throttled(alex, 1)])), requests: 4 },
    {
      when: 'the wait is longer than a batch may take',
      answers: [batch([throttled(alex, 31)])],
      requests: 1,
    },
    {
      when: 'Graph stays unwell about it',
      answers: Array(4).fill(batch([{ id: alex, status: 503 }])),
      requests: 4,
    },
  ])('is given up, and nothing said about the person, where $when', async ({ answers, requests }) => {
    const { result } = await look([alex], answers as ScriptedAnswer[]);
    expect(result).toEqual({ looks: new Map([[alex, { kind: 'unknown' }]]), requests });
  });
});

describe('A batch as a whole', () => {
  const ids = personIds(20);
  const partsOf = (status: number, count: number, headers = {}) =>
    batch(ids.map((id, n) => (n < count ? { id, status, headers } : photoOf(id))));

  it.each([
    { when: 'most of it is refused', status: 403, count: 11, then: /User\.Read\.All/ },
    { when: 'the token is refused for most of it', status: 401, count: 20, then: /token/ },
    {
      when: 'most of it is throttled for long',
      status: 429,
      count: 11,
      headers: { 'Retry-After': '120' },
      then: /429/,
    },
    {
      when: 'Graph is down for long',
      status: 503,
      count: 20,
      headers: { 'Retry-After': '120' },
      then: /503/,
    },
  ])('fails where $when', async ({ status, count, headers, then }) => {
    const { result } = await look(ids, [partsOf(status, count, headers)]);
    expect(result).toBeInstanceOf(ServiceFailure);
    expect(result).toMatchObject({
      service: 'Graph',
      status,
      message: expect.stringMatching(then) as string,
      ...(headers && { retryAfterSeconds: 120 }),
    });
  });

  it('does not fail where half of it is refused', async () => {
    const { result } = await look(ids, [partsOf(403, 10)]);
    expect(result).not.toBeInstanceOf(ServiceFailure);
  });

  it.each<{ when: string; answer: ScriptedAnswer }>([
    { when: 'the batch is refused', answer: { status: 400, body: { error: { code: 'BadRequest' } } } },
    { when: 'the answer is no JSON', answer: { body: '<html>' } },
    { when: 'the answer has no parts', answer: { body: { value: [] } } },
  ])('fails where $when', async ({ answer }) => {
    expect((await look(ids, [answer])).result).toBeInstanceOf(ServiceFailure);
  });
});
