import { ClaimLost, WritingStopped, claimPerson } from '../../src/photos/claim';
import { createControlTable } from '../../src/storage/control-table';
import { createPersonTable } from '../../src/storage/person-table';
import { scopeOfSettings } from '../../src/scope/scope-source';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { gateOf } from '../support/write-gate';

const claimMs = 120_000;

function setUp() {
  const clock = movableClock();
  const controlRows = memoryTable(clock.now);
  const people = createPersonTable(memoryTable(clock.now));
  const gate = gateOf({
    control: createControlTable(controlRows),
    scope: scopeOfSettings({ pilotUsers: undefined }),
  });
  const deps = { people, gate, claimMs, monotonicMs: clock.monotonicMs };
  const claim = async () => {
    const made = await claimPerson(deps, alex, await people.read(alex));
    if (!made) throw new Error('The claim was lost.');
    return made;
  };
  const pause = (columns: Record<string, string | boolean>) =>
    controlRows.overwrite('control', 'paused', columns);
  return { clock, people, deps, claim, pause };
}

describe('A claim', () => {
  it('marks the row dirty, of a person never seen too', async () => {
    const { people, claim } = setUp();
    await claim();
    expect((await people.read(alex)).row).toMatchObject({ dirty: true, appliedEtag: '' });
  });

  it('leaves the rest of the row as it was', async () => {
    const { people, claim } = setUp();
    await people.overwrite(alex, { appliedEtag: '"0"', settledEtag: '"0"', earlierProperties: '{}' });
    expect((await claim()).row).toMatchObject({ appliedEtag: '"0"', dirty: false });
    expect((await people.read(alex)).row).toMatchObject({
      appliedEtag: '"0"',
      earlierProperties: '{}',
      dirty: true,
    });
  });

  it('lets no photo count as settled, however it ends', async () => {
    const { people, claim } = setUp();
    await people.overwrite(alex, { settledEtag: '"0"' });
    await (await claim()).close({ code: 'no-profile' });
    expect((await people.read(alex)).row).toMatchObject({ dirty: false, settledEtag: '' });
  });

  it('is not made when somebody wrote the row since it was read', async () => {
    const { people, deps } = setUp();
    const reading = await people.read(alex);
    await people.overwrite(alex, { hold: 'x' });
    expect(await claimPerson(deps, alex, reading)).toBeUndefined();
    expect((await people.read(alex)).row).toMatchObject({ dirty: false, hold: 'x' });
  });

  it('is not made when a person never seen was seen since', async () => {
    const { people, deps, claim } = setUp();
    const reading = await people.read(alex);
    await claim();
    expect(await claimPerson(deps, alex, reading)).toBeUndefined();
  });

  it('can be made on a dirty row: nobody waits for a lock', async () => {
    const { people, claim } = setUp();
    await claim();
    const second = await claim();
    await second.check();
    expect((await people.read(alex)).row?.dirty).toBe(true);
  });

  it('is closed once: the row is clean and says what was applied', async () => {
    const { people, claim } = setUp();
    expect(await (await claim()).close({ appliedEtag: '"A"' })).toBe(true);
    expect((await people.read(alex)).row).toMatchObject({ dirty: false, appliedEtag: '"A"' });
  });

  it('can note something while it goes on', async () => {
    const { people, claim } = setUp();
    const mine = await claim();
    await mine.note({ earlierProperties: '{"PictureURL":""}' });
    await mine.check();
    expect((await people.read(alex)).row).toMatchObject({
      dirty: true,
      earlierProperties: '{"PictureURL":""}',
    });
    expect(await mine.close({})).toBe(true);
  });

  it('knows Storage’s time of its last check', async () => {
    const { clock, claim } = setUp();
    const mine = await claim();
    clock.advance(5000);
    await mine.check();
    expect(mine.readAt).toEqual(clock.now());
  });
});

describe('A claim is lost', () => {
  it.each([
    { when: 'somebody else claims', by: ({ claim }: ReturnType<typeof setUp>): Promise<unknown> => claim() },
    {
      when: 'the row is marked from outside',
      by: ({ people }: ReturnType<typeof setUp>): Promise<unknown> => people.overwrite(alex, { dirty: true }),
    },
  ])('when $when: nothing more is written by it', async ({ by }) => {
    const parts = setUp();
    const mine = await parts.claim();
    await mine.check();
    await by(parts);
    await expect(mine.check()).rejects.toThrow(ClaimLost);
    await expect(mine.note({ earlierProperties: 'x' })).rejects.toThrow(ClaimLost);
    expect(await mine.close({ appliedEtag: '"A"' })).toBe(false);
    expect((await parts.people.read(alex)).row).toMatchObject({
      dirty: true,
      appliedEtag: '',
      earlierProperties: '',
    });
  });

  it('when it is over two minutes old by a clock that nobody can set', async () => {
    const { clock, claim } = setUp();
    const mine = await claim();
    clock.advance(claimMs);
    await mine.check();
    clock.advance(1);
    await expect(mine.check()).rejects.toThrow(ClaimLost);
  });

  it('not by a note about a look, which lies in a row of its own', async () => {
    const { people, clock, claim } = setUp();
    const mine = await claim();
    await people.writeLook(alex, undefined, { lookingSince: clock.now() });
    await people.noteFailure(alex, 'Graph is not well (500).', clock.now());
    await mine.check();
    expect(await mine.close({})).toBe(true);
  });
});

describe('While writing is paused', () => {
  it.each([
    { columns: { paused: true, reason: 'a rebrand' }, then: 'Writing is paused: a rebrand.' },
    { columns: { paused: true, reason: '' }, then: 'Writing is paused: no reason given.' },
    { columns: { paused: 'TRUE', reason: 'typed by hand' }, then: 'Writing is paused: typed by hand.' },
    { columns: { paused: true }, then: 'Writing is paused: no reason given.' },
  ])('a check says $then', async ({ columns, then }) => {
    const { claim, pause } = setUp();
    const mine = await claim();
    await pause(columns);
    const failure = mine.check();
    await expect(failure).rejects.toThrow(WritingStopped);
    await expect(failure).rejects.toThrow(then);
  });

  it.each([{ paused: false, reason: 'x' }, { paused: 'no' }, { reason: 'x' }, {}])(
    '%j is no pause',
    async (columns) => {
      const { claim, pause } = setUp();
      const mine = await claim();
      await pause(columns);
      await mine.check();
    },
  );
});
