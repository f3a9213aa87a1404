import { MovableClock } from '../../src/simulator/clock';
import { EndpointHealth } from '../../src/simulator/notifying/endpoint-health';

describe("Graph's view of an endpoint", () => {
  it.each([
    { answers: 99, slow: 99, state: 'good', because: 'too few to judge by' },
    { answers: 100, slow: 10, state: 'good', because: '10 % are allowed' },
    { answers: 100, slow: 11, state: 'slow', because: 'more than 10 %' },
    { answers: 100, slow: 15, state: 'slow', because: '15 % are not dropped yet' },
    { answers: 100, slow: 16, state: 'drop', because: 'more than 15 %' },
  ])('is $state after $slow slow of $answers: $because', ({ answers, slow, state }) => {
    const health = new EndpointHealth(new MovableClock());
    for (let count = 0; count < answers; count++) health.record(count < slow ? 2_901 : 100);
    expect(health.state()).toBe(state);
  });

  it('is good again when the window of ten minutes has passed', () => {
    const clock = new MovableClock();
    const health = new EndpointHealth(clock);
    for (let count = 0; count < 100; count++) health.record(5_000);
    expect(health.state()).toBe('drop');
    clock.advance(601);
    expect(health.state()).toBe('good');
  });
});
