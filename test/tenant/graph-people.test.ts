import { ServiceFailure } from '../../src/errors';
import { createPeopleSource } from '../../src/tenant/graph-people';
import { alex, bea, personIds } from '../support/ids';
import { batch, graphTime, scriptedGraph, type ScriptedAnswer } from '../support/scripted-graph';

const graphUrl = 'https://graph.microsoft.com';
const secondPage = '/users?$select=id,accountEnabled,userType&$top=999&$skiptoken=abc';

function setUp(...answers: ScriptedAnswer[]) {
  const { client, asked } = scriptedGraph(answers);
  return { source: createPeopleSource(client, graphUrl), asked };
}

const page = (value: object[], nextLink?: string): ScriptedAnswer => ({
  body: { value, ...(nextLink !== undefined && { '@odata.nextLink': nextLink }) },
});

describe('A page of the list of people', () => {
  it('takes one request that lets everybody else go first', async () => {
    const { source, asked } = setUp(page([]));
    await source.list('');
    expect(asked).toMatchObject([
      {
        method: 'GET',
        path: '/users?$select=id,accountEnabled,userType&$top=999',
        headers: { 'x-ms-throttle-priority': 'Low' },
      },
    ]);
  });

  it.each([
    {
      when: 'the account is whole',
      user: { id: alex, userType: 'Member', accountEnabled: true },
      then: { id: alex, userType: 'Member', accountEnabled: true },
    },
    {
      when: 'the id is in capitals',
      user: { id: alex.toUpperCase(), userType: 'Guest', accountEnabled: false },
      then: { id: alex, userType: 'Guest', accountEnabled: false },
    },
    {
      when: 'an old account has neither',
      user: { id: alex, userType: null },
      then: { id: alex, userType: undefined, accountEnabled: true },
    },
  ])('says who is in it where $when', async ({ user, then }) => {
    const { source } = setUp(page([user]));
    expect(await source.list('')).toEqual({ people: [then], nextLink: undefined, now: graphTime });
  });

  it("goes on from Graph's own link, as a path", async () => {
    const { source, asked } = setUp(page([], `${graphUrl}/v1.0${secondPage}`), page([]));
    expect(await source.list('')).toMatchObject({ nextLink: secondPage });
    expect(await source.list(secondPage)).toMatchObject({ nextLink: undefined });
    expect(asked[1]!.path).toBe(secondPage);
  });

  it.each([
    { when: 'is on another host', link: 'https://evil.example/v1.0/users?$top=999' },
    { when: 'is on a host whose name begins like it', link: `${graphUrl}.evil.example/v1.0/users?$top=999` },
    { when: 'is no list of people', link: `${graphUrl}/v1.0/groups?$top=999` },
    {
      when: 'is longer than a column holds',
      link: `${graphUrl}/v1.0/users?$skiptoken=${'a'.repeat(30_000)}`,
    },
  ])('is a failure where the next page $when', async ({ link }) => {
    await expect(setUp(page([], link)).source.list('')).rejects.toThrow(ServiceFailure);
  });

  it.each([
    { when: 'has expired', status: 400 },
    { when: 'is gone', status: 410 },
  ])('is refused where it $when', async ({ status }) => {
    expect(await setUp({ status }).source.list(secondPage)).toBe('refused');
  });

  it('is refused without a request where the row names no list of people', async () => {
    const { source, asked } = setUp();
    expect(await source.list('/groups?$top=999')).toBe('refused');
    expect(asked).toEqual([]);
  });

  it.each<{ when: string; answer: ScriptedAnswer }>([
    { when: 'even the first page is refused', answer: { status: 400 } },
    { when: 'the answer is no JSON', answer: { body: '<html>' } },
    { when: 'somebody has no id', answer: page([{ accountEnabled: true }]) },
  ])('is a failure where $when', async ({ answer }) => {
    await expect(setUp(answer).source.list('')).rejects.toThrow(ServiceFailure);
  });
});

describe('Who is gone', () => {
  const [third = ''] = personIds(1);

  it('takes one batch, and is told by 404 alone', async () => {
    const parts = [
      { id: third, status: 429 },
      { id: bea, status: 404 },
      { id: alex, status: 200, body: { id: alex } },
    ];
    const { source, asked } = setUp(batch(parts));
    expect(await source.gone([alex, bea, third])).toEqual([bea]);
    expect(asked).toMatchObject([
      { method: 'POST', path: '/$batch', headers: { 'x-ms-throttle-priority': 'Low' } },
    ]);
    expect(asked[0]!.parts.map(({ url }) => url)).toEqual(
      [alex, bea, third].map((id) => `/users/${id}?$select=id`),
    );
  });

  it.each<{ when: string; answer: ScriptedAnswer; then: string[] }>([
    { when: 'Graph leaves somebody out', answer: batch([]), then: [] },
    { when: 'Graph speaks of a stranger', answer: batch([{ id: third, status: 404 }]), then: [] },
    { when: 'Graph refuses to say', answer: batch([{ id: alex, status: 403 }]), then: [] },
  ])('is nobody where $when', async ({ answer, then }) => {
    expect(await setUp(answer).source.gone([alex])).toEqual(then);
  });

  it.each<{ when: string; answer: ScriptedAnswer }>([
    { when: 'the batch is refused', answer: { status: 400 } },
    { when: 'the answer has no parts', answer: { body: {} } },
  ])('is a failure where $when', async ({ answer }) => {
    await expect(setUp(answer).source.gone([alex])).rejects.toThrow(ServiceFailure);
  });
});
