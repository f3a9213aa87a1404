import { answerHandshake } from '../../src/notifications/handshake';

const address = 'https://photos.example/api/notifications';

/** As the host calls it: the URL as sent, and the parameter as URLSearchParams decodes it, repeats joined by commas. */
function handshake(query: string) {
  const url = `${address}${query}`;
  const values = new URL(url).searchParams.getAll('validationToken');
  return answerHandshake(url, values.length > 0 ? values.join(',') : null);
}

describe('The validation handshake', () => {
  it.each([
    {
      when: 'it has spaces and colons',
      token: 'Validation: Testing client application reachability for subscription Request-Id: 1b2c',
    },
    { when: 'it has a plus', token: 'a+b' },
    { when: 'it has a percent sign', token: '100%25 of 20%' },
    { when: 'it is HTML', token: '<script>alert("x")</script>' },
    { when: 'it has an ampersand and an equals sign', token: 'a=b&validationToken=c' },
    { when: 'it has a comma', token: 'a,b' },
    { when: 'it is not ASCII', token: 'Prüfung 写真 🙂' },
    { when: 'it looks like JSON', token: '{"value":[]}' },
    { when: 'it has 4,096 characters', token: 'x'.repeat(4096) },
  ])('echoes the token, decoded and as plain text, when $when', ({ token }) => {
    expect(handshake(`?validationToken=${encodeURIComponent(token)}`)).toEqual({
      status: 200,
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
      body: token,
    });
  });

  it('reads a plus in the query as a space, as it was sent', () => {
    expect(handshake('?validationToken=Validation:+Testing')?.body).toBe('Validation: Testing');
  });

  it('finds the token behind a function key', () => {
    expect(handshake('?code=abc&validationToken=t')?.body).toBe('t');
  });

  it.each([
    { when: 'the token is empty', query: '?validationToken=', then: 'empty' },
    { when: 'it is only named', query: '?validationToken', then: 'empty' },
    { when: 'it has 4,097 characters', query: `?validationToken=${'x'.repeat(4097)}`, then: 'longer' },
    { when: 'it has a megabyte', query: `?validationToken=${'x'.repeat(1_048_576)}`, then: 'longer' },
    { when: 'it is there twice', query: '?validationToken=a&validationToken=b', then: 'More than one' },
    {
      when: 'it is there twice, alike',
      query: '?validationToken=a&validationToken=a',
      then: 'More than one',
    },
    {
      when: 'it is there twice, once empty',
      query: '?validationToken=a&validationToken',
      then: 'More than one',
    },
    {
      when: 'it is there twice in other cases',
      query: '?validationToken=a&VALIDATIONTOKEN=b',
      then: 'More than one',
    },
    { when: 'it has CR and LF', query: '?validationToken=a%0d%0aSet-Cookie:%20x=1', then: 'control' },
    { when: 'it has a NUL', query: '?validationToken=a%00', then: 'control' },
    { when: 'it has an escape', query: '?validationToken=%1b[31m', then: 'control' },
    { when: 'it has a delete', query: '?validationToken=%7f', then: 'control' },
  ])('refuses with 400 when $when', ({ query, then }) => {
    const answer = handshake(query);
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
      body: expect.stringContaining(then),
    });
    expect(Object.keys(JSON.parse(answer!.body))).toEqual(['error']);
  });

  it.each([
    { when: 'there is no query', query: '' },
    { when: 'the query is empty', query: '?' },
    { when: 'there are other parameters only', query: '?code=abc&x=validationToken' },
    { when: 'a parameter only begins or ends so', query: '?validationTokens=a&xvalidationToken=b' },
  ])('is none when $when', ({ query }) => {
    expect(handshake(query)).toBeUndefined();
  });
});
