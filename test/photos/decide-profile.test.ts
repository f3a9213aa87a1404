import {
  decideProfile,
  isSamePictureUrl,
  nextTimestamp,
  pictureProperties,
  propertyChanges,
} from '../../src/photos/decide-profile';
import { alex, bea } from '../support/ids';

const geos = [
  { mySiteUrl: 'https://contoso-my.sharepoint.com', adminUrl: 'https://contoso-admin.sharepoint.com' },
  {
    mySiteUrl: 'https://contosoapac-my.sharepoint.com',
    adminUrl: 'https://contosoapac-admin.sharepoint.com',
  },
];
const readAt = new Date('2026-11-24T09:00:00.900Z');
/** 2026-11-24T09:00:00Z in seconds since the year 1. */
const nowSeconds = 63_931_107_600;

const profile = (
  properties: Record<string, string> = {},
  personalSiteHostUrl = 'https://contoso-my.sharepoint.com:443/',
) => ({
  personalSiteHostUrl,
  readAt,
  properties: new Map(Object.entries(properties)),
});

it('The count of seconds begins in the year 1', () => {
  const day = new Date(0);
  day.setUTCFullYear(1);
  expect((readAt.getTime() - day.getTime()) / 1000).toBeCloseTo(nowSeconds + 0.9);
});

describe('A profile', () => {
  it.each([
    { when: 'SharePoint has none', given: undefined, then: 'no-profile' },
    { when: 'it belongs to nobody by its own word', given: profile(), then: 0 },
    { when: 'its owner is left blank', given: profile({ 'msOnline-ObjectId': '' }), then: 0 },
    { when: 'it belongs to the person', given: profile({ 'msOnline-ObjectId': alex }), then: 0 },
    {
      when: 'it belongs to the person in upper case',
      given: profile({ 'msOnline-ObjectId': alex.toUpperCase() }),
      then: 0,
    },
    {
      when: 'it belongs to the leaver who had the name before',
      given: profile({ 'msOnline-ObjectId': bea }),
      then: 'other-identity',
    },
    {
      when: 'it belongs to something unreadable',
      given: profile({ 'msOnline-ObjectId': '?' }),
      then: 'other-identity',
    },
    { when: 'it lives in the first geo', given: profile({}, 'https://contoso-my.sharepoint.com'), then: 0 },
    {
      when: 'it lives in the second geo',
      given: profile({}, 'https://CONTOSOAPAC-my.sharepoint.com:443/'),
      then: 1,
    },
    {
      when: 'it lives on a host not named',
      given: profile({}, 'https://contosoeur-my.sharepoint.com/'),
      then: 'unknown-geo',
    },
    {
      when: 'it lives on a host that only begins so',
      given: profile({}, 'https://contoso-my.sharepoint.com.evil.example/'),
      then: 'unknown-geo',
    },
    {
      when: 'it lives at another port',
      given: profile({}, 'https://contoso-my.sharepoint.com:8443/'),
      then: 'unknown-geo',
    },
    {
      when: 'it lives without TLS',
      given: profile({}, 'http://contoso-my.sharepoint.com/'),
      then: 'unknown-geo',
    },
    { when: 'it lives nowhere', given: profile({}, ''), then: 'unknown-geo' },
    { when: 'it lives at no address', given: profile({}, 'contoso-my.sharepoint.com'), then: 'unknown-geo' },
    {
      when: 'it is another’s and lives elsewhere',
      given: profile({ 'msOnline-ObjectId': bea }, ''),
      then: 'other-identity',
    },
  ])('is judged as $then when $when', ({ given, then }) => {
    const decided = decideProfile(alex, given, geos);
    if (typeof then === 'number') expect(decided).toEqual({ geo: geos[then] });
    else expect(decided).toMatchObject({ plan: 'defer', code: then });
  });
});

describe('The next timestamp', () => {
  it.each([
    { when: 'there is none', old: '', then: nowSeconds },
    { when: 'it is long past', old: '63000000000', then: nowSeconds },
    { when: 'it was a second ago', old: String(nowSeconds - 1), then: nowSeconds },
    { when: 'it is now', old: String(nowSeconds), then: nowSeconds + 1 },
    { when: 'it is a second ahead', old: String(nowSeconds + 1), then: nowSeconds + 2 },
    { when: 'it is a minute ahead', old: String(nowSeconds + 60), then: nowSeconds + 61 },
    { when: 'it is more than a minute ahead', old: String(nowSeconds + 61), then: nowSeconds },
    { when: 'it is a year ahead', old: String(nowSeconds + 31_536_000), then: nowSeconds },
    { when: 'it is in ticks, which is far ahead', old: '639311076000000000', then: nowSeconds },
    { when: 'it counts from 1970', old: '1795510800', then: nowSeconds },
    { when: 'it is 0', old: '0', then: nowSeconds },
    { when: 'it is negative', old: '-1', then: nowSeconds },
    { when: 'it has a fraction', old: `${String(nowSeconds)}.5`, then: nowSeconds },
    { when: 'it has an exponent', old: '6.3931107600e10', then: nowSeconds },
    { when: 'it is a date', old: '2026-11-24T09:00:00Z', then: nowSeconds },
    { when: 'it has spaces', old: ` ${String(nowSeconds)} `, then: nowSeconds },
  ])('is right when $when', ({ old, then }) => {
    expect(nextTimestamp(old, readAt)).toBe(String(then));
  });

  it('grows with each of 50 writes in one second', () => {
    let value = '';
    for (let write = 0; write < 50; write++) {
      const next = nextTimestamp(value, readAt);
      expect(Number(next)).toBeGreaterThan(Number(value));
      value = next;
    }
  });
});

describe('Two picture addresses', () => {
  const url = 'https://contoso-my.sharepoint.com/User%20Photos/Profilbilder/m365-a_MThumb.jpg';
  it.each([
    { when: 'they are alike', one: url, then: true },
    { when: 'one names the port', one: url.replace('.com/', '.com:443/'), then: true },
    { when: 'one has a timestamp', one: `${url}?t=63931107600`, then: true },
    { when: 'one is not percent-encoded', one: url.replace('%20', ' '), then: true },
    { when: 'one is encoded more than needed', one: url.replace('m365-a_', 'm365%2Da%5F'), then: true },
    { when: 'one is in other letters', one: url.toUpperCase().replace('%20', '%20'), then: true },
    { when: 'one shows another size', one: url.replace('_M', '_S'), then: false },
    { when: 'one is in another folder', one: url.replace('Profilbilder', 'Profile%20Pictures'), then: false },
    { when: 'one is at another host', one: url.replace('contoso-my', 'contoso'), then: false },
    { when: 'one is at another port', one: url.replace('.com/', '.com:8443/'), then: false },
    { when: 'one is without TLS', one: url.replace('https', 'http'), then: false },
    { when: 'one is empty', one: '', then: false },
    { when: 'one is no address', one: '/User Photos/x.jpg', then: false },
    { when: 'one has a stray percent sign', one: url.replace('%20', '%'), then: false },
  ])('are the same: $then, when $when', ({ one, then }) => {
    expect(isSamePictureUrl(one, url)).toBe(then);
    expect(isSamePictureUrl(url, one)).toBe(then);
  });

  it('are never the same when both are nothing', () => {
    expect(isSamePictureUrl('', '')).toBe(false);
  });
});

describe('The properties to set', () => {
  const url = 'https://contoso-my.sharepoint.com/User%20Photos/Profilbilder/m365-a_MThumb.jpg';
  const timestamp = ['SPS-PictureTimestamp', String(nowSeconds)];

  it.each([
    {
      when: 'there was never a picture',
      given: {},
      then: [['SPS-PicturePlaceholderState', '0'], timestamp, ['PictureURL', url]],
    },
    {
      when: 'SharePoint had one of its own',
      given: {
        'SPS-PicturePlaceholderState': '0',
        PictureURL: url.replace('m365-a', 'alex'),
        'SPS-PictureTimestamp': '1',
      },
      then: [timestamp, ['PictureURL', url]],
    },
    {
      when: 'SharePoint showed the placeholder',
      given: { 'SPS-PicturePlaceholderState': '1', PictureURL: url },
      then: [['SPS-PicturePlaceholderState', '0'], timestamp],
    },
    {
      when: 'SharePoint shows ours already',
      given: { 'SPS-PicturePlaceholderState': '0', PictureURL: `${url.replace('.com/', '.com:443/')}?t=1` },
      then: [timestamp],
    },
  ])('are only those that change, the address last, when $when', ({ given, then }) => {
    expect(propertyChanges(profile(given), url)).toEqual(then);
  });

  it('never hold the state of SharePoint’s own synchronisation', () => {
    const changes = propertyChanges(profile({ 'SPS-PictureExchangeSyncState': '1' }), url);
    expect(changes.map(([name]) => name)).not.toContain('SPS-PictureExchangeSyncState');
  });

  it('are kept as they were, with blanks for what was never set', () => {
    const given = { PictureURL: 'x', 'SPS-PictureExchangeSyncState': '1', FirstName: 'Alex' };
    expect(pictureProperties(profile(given))).toEqual({
      PictureURL: 'x',
      'SPS-PicturePlaceholderState': '',
      'SPS-PictureTimestamp': '',
      'SPS-PictureExchangeSyncState': '1',
    });
  });
});
