import { runSimulator, type Row, type RunningSimulator } from './running-simulator';

const outer = 'aaaaaaaa-0000-4000-8000-000000000001';
const inner = 'aaaaaaaa-0000-4000-8000-000000000002';
const secret = 'aaaaaaaa-0000-4000-8000-000000000003';
const everyMember = 'transitiveMembers/microsoft.graph.user?$select=id&$count=true';
const eventual = { ConsistencyLevel: 'eventual' };

describe('Groups of the directory', () => {
  let simulator: RunningSimulator;
  let ids: string[];

  const read = (path: string, roles: string[], headers: Record<string, string> = eventual) =>
    simulator.graph(`/groups/${path}`, { headers }, simulator.tokenFor(simulator.graphUrl, roles));
  const idsOf = (answer: Awaited<ReturnType<typeof read>>) =>
    answer.json<{ value: { id: string }[] }>().value.map(({ id }) => id);

  beforeAll(async () => {
    simulator = await runSimulator();
    ids = (await simulator.control('GET', 'users')).json<Row[]>().map(({ id }) => id);
    await simulator.control('PUT', `groups/${outer}`, { members: ids.slice(0, 3), groups: [inner] });
    // A circle, as nested groups can make one.
    await simulator.control('PUT', `groups/${inner}`, { members: ids.slice(2, 5), groups: [outer] });
    await simulator.control('PUT', `groups/${secret}`, { members: ids.slice(0, 2), hidden: true });
  });
  afterAll(() => simulator.end());

  it('tell everybody in them and in groups inside them, once, page by page', async () => {
    const found: string[] = [];
    let path: string | undefined = `${outer}/${everyMember}&$top=2`;
    let pages = 0;
    for (; path !== undefined; pages++) {
      const answer = await read(path, ['GroupMember.Read.All']);
      expect(answer.status).toBe(200);
      found.push(...idsOf(answer));
      const next = answer.json<Record<string, string>>()['@odata.nextLink'];
      path = next?.slice(`${simulator.graphUrl}/v1.0/groups/`.length);
    }
    expect(pages).toBe(3);
    expect(found.sort()).toEqual(ids.slice(0, 5).sort());
  });

  it.each([
    { when: 'without a role', path: outer, roles: ['User.Read.All'], status: 403 },
    {
      when: 'members without a role',
      path: `${outer}/${everyMember}`,
      roles: ['User.Read.All'],
      status: 403,
    },
    {
      when: 'that do not exist',
      path: '00000000-0000-4000-8000-000000000000',
      roles: ['GroupMember.Read.All'],
      status: 404,
    },
    {
      when: 'by a cast without a count',
      path: `${outer}/transitiveMembers/microsoft.graph.user?$select=id`,
      roles: ['GroupMember.Read.All'],
      status: 400,
    },
  ])('refuse: $when', async ({ path, roles, status }) => {
    expect((await read(path, roles)).status).toBe(status);
  });

  it('refuse a cast without the header', async () => {
    expect((await read(`${outer}/${everyMember}`, ['GroupMember.Read.All'], {})).status).toBe(400);
  });

  it('that hide their members read as empty without the role for it', async () => {
    const basic = await read(`${secret}?$select=id,visibility`, ['GroupMember.Read.All']);
    expect(basic.json()).toEqual({ id: secret, visibility: 'HiddenMembership' });
    expect(idsOf(await read(`${secret}/${everyMember}`, ['GroupMember.Read.All']))).toEqual([]);
    const allowed = await read(`${secret}/${everyMember}`, ['GroupMember.Read.All', 'Member.Read.Hidden']);
    expect(idsOf(allowed).sort()).toEqual(ids.slice(0, 2).sort());
  });
});
