import { isClientState, sha256Hex } from '../../src/notifications/client-state';
import { secret } from '../support/notification';

const longest = 'x'.repeat(128);

describe('A clientState', () => {
  it.each([
    { when: 'it is the secret', given: secret, kept: secret, then: true },
    { when: 'it is the secret, 128 characters long', given: longest, kept: longest, then: true },
    { when: 'it is missing', given: undefined, kept: secret, then: false },
    { when: 'it is null', given: null, kept: secret, then: false },
    { when: 'it is a number', given: 1, kept: secret, then: false },
    { when: 'it is true', given: true, kept: secret, then: false },
    { when: 'it is the secret in an array', given: [secret], kept: secret, then: false },
    { when: 'it is an object', given: { clientState: secret }, kept: secret, then: false },
    {
      when: 'it is an object that turns into the secret',
      given: new String(secret),
      kept: secret,
      then: false,
    },
    { when: 'it is empty', given: '', kept: secret, then: false },
    { when: 'it is empty and the kept hash is that of nothing', given: '', kept: '', then: false },
    {
      when: 'it has 129 characters, were they the secret',
      given: `${longest}x`,
      kept: `${longest}x`,
      then: false,
    },
    { when: 'it is a megabyte long', given: 'x'.repeat(1_048_576), kept: secret, then: false },
    { when: 'it has a space in front', given: ` ${secret}`, kept: secret, then: false },
    { when: 'it has a space behind', given: `${secret} `, kept: secret, then: false },
    { when: 'it has a NUL behind', given: `${secret}\u0000`, kept: secret, then: false },
    { when: 'it is in upper case', given: secret.toUpperCase(), kept: secret, then: false },
    {
      when: 'a letter is a Cyrillic look-alike',
      given: secret.replace('a', '\u0430'),
      kept: secret,
      then: false,
    },
    { when: 'a letter has full width', given: secret.replace('k', '\uff4b'), kept: secret, then: false },
    { when: 'it has a zero-width space', given: `${secret}\u200b`, kept: secret, then: false },
    { when: 'it is the beginning of the secret', given: secret.slice(0, -1), kept: secret, then: false },
    { when: 'it goes on after the secret', given: `${secret}A`, kept: secret, then: false },
    { when: 'it is the hash of the secret', given: sha256Hex(secret), kept: secret, then: false },
  ])('$when: accepted is $then', ({ given, kept, then }) => {
    expect(isClientState(given, sha256Hex(kept))).toBe(then);
  });

  it.each([
    { when: 'empty', kept: '' },
    { when: 'cut off', kept: sha256Hex(secret).slice(0, 62) },
    { when: 'no hex', kept: 'undefined' },
    { when: 'longer', kept: `${sha256Hex(secret)}00` },
  ])('is refused where the kept hash is $when', ({ kept }) => {
    expect(isClientState(secret, kept)).toBe(false);
  });
});
