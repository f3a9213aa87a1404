import fc from 'fast-check';
import { createStorageClock } from '../../src/writing/storage-clock';

const start = Date.parse('2026-11-27T21:30:00Z');

/** Asks at these moments, of a Storage whose true time is the worker's clock plus `aheadMs`. */
function estimates(requests: { afterMs: number; underWayMs: number }[], aheadMs: number) {
  let monotonic = 0;
  const storageTimeMs = createStorageClock(() => monotonic);
  return requests.map(({ afterMs, underWayMs }) => {
    monotonic += afterMs;
    const askedAt = monotonic;
    const said = Math.floor((start + aheadMs + monotonic + underWayMs / 2) / 1000) * 1000;
    monotonic += underWayMs;
    return { estimate: storageTimeMs(new Date(said), askedAt), truth: start + aheadMs + monotonic };
  });
}

const request = fc.record({
  afterMs: fc.integer({ min: 0, max: 3000 }),
  underWayMs: fc.integer({ min: 1, max: 50 }),
});

it('is never ahead of Storage’s true time, and less than a second and the way of an answer behind', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1 }), fc.integer({ min: 0, max: 999 }), (requests, ahead) => {
      for (const { estimate, truth } of estimates(requests, ahead)) {
        expect(estimate).toBeLessThanOrEqual(truth);
        expect(estimate).toBeGreaterThan(truth - 1050);
      }
    }),
  );
});

it('comes close after a few answers', () => {
  const many = Array.from({ length: 50 }, () => ({ afterMs: 137, underWayMs: 4 }));
  const { estimate, truth } = estimates(many, 480).at(-1)!;
  expect(truth - estimate).toBeLessThan(150);
});

it('follows a Storage whose clock was set back', () => {
  let monotonic = 0;
  const storageTimeMs = createStorageClock(() => monotonic);
  storageTimeMs(new Date(start + 60_000), 0);
  monotonic = 10;
  expect(storageTimeMs(new Date(start), 5)).toBeLessThanOrEqual(start + 1005);
});
