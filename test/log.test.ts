import { createLog } from '../src/log';
import { messageOf } from '../src/errors';

const levels = ['debug', 'info', 'warn', 'error'] as const;

function setUp() {
  const target = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
  return { target, log: createLog(target) };
}

describe('The log', () => {
  it.each(levels)('says a line of %s as JSON with the event first', (level) => {
    const { target, log } = setUp();
    log[level]('photo-decided', { plan: 'apply', attempt: 0, written: true, problems: ['a', 'b'] });
    expect(target[level].mock.calls).toEqual([
      ['{"event":"photo-decided","plan":"apply","attempt":0,"written":true,"problems":["a","b"]}'],
    ]);
    for (const other of levels.filter((name) => name !== level)) expect(target[other]).not.toHaveBeenCalled();
  });

  it('leaves out what is not known', () => {
    const { target, log } = setUp();
    log.info('x', { status: undefined, reason: '' });
    expect(target.info).toHaveBeenCalledWith('{"event":"x","reason":""}');
  });

  it.each(['a\r\nb', 'a\nSet-Cookie: x', '\u0000\u001b[31m', '","event":"forged', '\u007f\u0085'])(
    'keeps to one line and to its own fields, whatever the value: %j',
    (reason) => {
      const { target, log } = setUp();
      log.warn('x', { reason });
      const line = String(target.warn.mock.calls[0]?.[0]);
      expect(line).not.toMatch(/[\r\n\0]/);
      expect(JSON.parse(line)).toEqual({ event: 'x', reason });
    },
  );
});

describe('The message of something thrown', () => {
  it.each([
    { thrown: new Error('one\r\n  two'), then: 'one two' },
    { thrown: 'text', then: 'text' },
    { thrown: undefined, then: 'undefined' },
    { thrown: { secret: 1 }, then: '[object Object]' },
    { thrown: new Error('x '.repeat(5000)), then: 'x '.repeat(250) },
  ])('is one short line without a stack', ({ thrown, then }) => {
    expect(messageOf(thrown)).toBe(then);
  });
});
