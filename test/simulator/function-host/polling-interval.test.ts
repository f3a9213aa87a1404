import { createPollingInterval } from '../../../src/simulator/function-host/polling-interval';

const middle = () => 0.5;

describe('the wait before an empty queue is polled again', () => {
  it('grows to the maximum of host.json, and stays there', () => {
    const interval = createPollingInterval(1000, middle);
    const waits = Array.from({ length: 7 }, () => interval.next(false));
    expect(waits).toEqual([100, 200, 300, 500, 900, 1000, 1000]);
  });

  it('starts from the beginning once there was a message', () => {
    const interval = createPollingInterval(1000, middle);
    for (let count = 0; count < 6; count += 1) interval.next(false);
    expect([interval.next(true), interval.next(false), interval.next(false)]).toEqual([100, 200, 300]);
  });

  it.each([
    { random: 0, second: 180 },
    { random: 1, second: 220 },
  ])('is spread by a fifth either way', ({ random, second }) => {
    const interval = createPollingInterval(1000, () => random);
    interval.next(false);
    expect(interval.next(false)).toBeCloseTo(second);
  });
});
