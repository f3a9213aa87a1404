import { describeToken } from '../../src/tenant/describe-token';
import { explainRefusal } from '../../src/tenant/explain-refusal';

const token = (claims: object) =>
  ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const times = { iat: 1_795_000_000, exp: 1_795_086_400 };

describe('A token', () => {
  it('tells its roles and times', () => {
    expect(describeToken(token({ roles: ['User.Read.All'], ...times }))).toEqual({
      roles: ['User.Read.All'],
      issuedAt: new Date(times.iat * 1000),
      expiresAt: new Date(times.exp * 1000),
    });
  });

  it.each([
    { what: 'no roles', text: token(times), then: expect.objectContaining({ roles: [] }) },
    { what: 'nothing', text: '', then: undefined },
    { what: 'no dots', text: 'opaque', then: undefined },
    { what: 'no JSON', text: 'a.b.c', then: undefined },
    { what: 'no times', text: token({ roles: [] }), then: undefined },
    { what: 'impossible times', text: token({ iat: 1e300, exp: -1 }), then: undefined },
  ])('with $what tells $then', ({ text, then }) => {
    expect(describeToken(text)).toEqual(then);
  });
});

describe('A refusal', () => {
  const refusal = {
    doing: 'make a subscription',
    code: 'ExtensionError',
    message: 'Alex Wilber',
    token: undefined,
  };
  const holding = (...roles: string[]) => describeToken(token({ roles, ...times }));

  it.each([
    {
      when: 'the quota is used up',
      status: 403,
      message: 'reached its quota of 100',
      then: /as many subscriptions/,
    },
    {
      when: 'the role is missing',
      status: 403,
      token: holding(),
      then: /role User\.Read\.All on Microsoft Graph is missing.*issued at 2026-11-18T11:06:40\.000Z.*by 2026-11-19T11:06:40\.000Z/,
    },
    { when: 'another role is held', status: 403, token: holding('User.ReadWrite.All'), then: /is missing/ },
    {
      when: 'the role is held',
      status: 403,
      token: holding('User.Read.All'),
      then: /the token has User\.Read\.All: a policy/,
    },
    { when: 'the token can’t be read', status: 403, then: /needs the application role User\.Read\.All/ },
    {
      when: 'the token is not taken',
      status: 401,
      token: holding('User.Read.All'),
      then: /not accepted.*new one comes by/,
    },
    { when: 'a token without any role is not taken', status: 401, token: holding(), then: /is missing/ },
    {
      when: 'a token that can’t be read is not taken',
      status: 401,
      then: /\(401 ExtensionError\)\. The token was not accepted\.$/,
    },
    {
      when: 'the validation timed out',
      status: 400,
      message: 'Subscription validation request timed out.',
      then: /within 10 seconds/,
    },
    {
      when: 'the validation failed',
      status: 400,
      message: 'Subscription validation request failed.',
      then: /check that NOTIFICATION_URL is this app, public/,
    },
    { when: 'the request is wrong', status: 400, then: /SUBSCRIPTION_LIFETIME_MINUTES/ },
    { when: 'there is a conflict', status: 409, then: /\(409 ExtensionError\)\.$/ },
  ])('says what to do when $when, and nothing of Graph’s own words', ({ then, when: _, ...changes }) => {
    const text = explainRefusal({ ...refusal, ...changes });
    expect(text).toMatch(then);
    expect(text).not.toContain('Alex');
  });
});
