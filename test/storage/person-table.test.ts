import { createPersonTable, emptyRow } from '../../src/storage/person-table';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';

const partition = alex.slice(0, 2);

function setUp() {
  const table = memoryTable();
  return { table, people: createPersonTable(table) };
}

describe('A person’s row', () => {
  it('of a person never seen is none', async () => {
    expect(await setUp().people.read(alex)).toMatchObject({ row: undefined, token: undefined });
  });

  it('has empty columns for what is not known', async () => {
    const { people } = setUp();
    await people.overwrite(alex, { seenEtag: '"A"' });
    expect((await people.read(alex)).row).toEqual({ ...emptyRow, seenEtag: '"A"' });
  });

  it('is not believed where a column is of another kind', async () => {
    const { table, people } = setUp();
    await table.overwrite(partition, alex, {
      seenEtag: 7,
      dirty: 'false',
      hold: true,
      appliedEtag: '"A"',
      more: 'x',
    });
    expect((await people.read(alex)).row).toEqual({ ...emptyRow, appliedEtag: '"A"' });
  });

  it('is written only with the token that was read', async () => {
    const { people } = setUp();
    const { token } = await people.read(alex);
    expect(await people.write(alex, token, { dirty: true })).toBeDefined();
    expect(await people.write(alex, token, { dirty: false })).toBeUndefined();
    expect((await people.read(alex)).row?.dirty).toBe(true);
  });

  it('has beside it, under a key of its own, what is noted about looks', async () => {
    const { table, people } = setUp();
    await people.overwrite(alex, { seenEtag: '"A"' });
    const { token } = await people.read(alex);
    await people.writeLook(alex, undefined, { lookingSince: new Date(0) });
    await people.noteFailure(alex, 'Graph is not well (500).', new Date(0));
    expect((await people.read(alex)).token).toBe(token);
    expect([...table.rows.keys()]).toEqual([`${partition}/${alex}`, `${partition}/${alex}:look`]);
  });

  it.each([{ lookingSince: '' }, { lookingSince: 'never' }, { lookingSince: 0 }, { lookingSince: true }])(
    'has no time of a look in %j',
    async (columns) => {
      const { table, people } = setUp();
      await table.overwrite(partition, `${alex}:look`, columns);
      expect((await people.readLook(alex)).lookingSince).toBeUndefined();
    },
  );
});
