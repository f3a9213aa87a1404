import { createTurns } from '../../src/writing/turns';

it('one after the other, whatever becomes of the one before', async () => {
  const inTurn = createTurns();
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise(setImmediate);
    order.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(work(name))));
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('does not wait for one that hangs', async () => {
  const inTurn = createTurns();
  void inTurn(() => new Promise(() => undefined));
  expect(await inTurn(async () => 'next')).toBe('next');
});
