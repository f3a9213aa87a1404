import {
  decideEarlier,
  decideRestore,
  earlierUrl,
  restoreChanges,
  type Earlier,
} from '../../src/photos/decide-restore';
import type { ShownAt } from '../../src/photos/decide-shown';
import { alex, bea } from '../support/ids';

const mySiteUrl = 'https://contoso-my.sharepoint.com';
const geos = [{ mySiteUrl }];
const path = '/User Photos/Profilbilder/alex_contoso_com_MThumb.jpg';
const record = (PictureURL: unknown, state: unknown = '0') =>
  JSON.stringify({ PictureURL, 'SPS-PicturePlaceholderState': state, 'SPS-PictureTimestamp': '63' });

const file: Earlier = { kind: 'file', mySiteUrl, path, placeholderState: '0' };
const nothing: Earlier = { kind: 'nothing', placeholderState: '1' };

describe('What SharePoint showed before', () => {
  it.each([
    {
      when: 'a file on the My Site host',
      given: record(`${mySiteUrl}:443${encodeURI(path)}?t=63`),
      then: file,
    },
    { when: 'nothing', given: record('', '1'), then: nothing },
  ])('was $when', ({ given, then }) => {
    expect(decideEarlier(alex, given, geos)).toEqual(then);
  });

  it.each([
    { when: 'a file on a strange host', given: record('https://evil.example/User%20Photos/x/y.jpg') },
    {
      when: 'a file behind a name and password',
      given: record('https://contoso-my.sharepoint.com@evil.example/y.jpg'),
    },
    { when: 'a file of this app', given: record(`${mySiteUrl}/User%20Photos/x/m365-${alex}_MThumb.jpg`) },
    {
      when: "somebody else's file of this app",
      given: record(`${mySiteUrl}/User%20Photos/x/m365-${bea}_LThumb.jpg`),
    },
    { when: 'no text', given: record(7) },
    { when: 'a placeholder state that is none', given: record('', 'x'.repeat(11)) },
    { when: 'no JSON', given: '{' },
    { when: 'not recorded', given: '' },
  ])('is not shown again when it is $when', ({ given }) => {
    expect(decideEarlier(alex, given, geos)).toMatchObject({
      plan: 'skip',
      code: 'not-restored',
      reason: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it('is asked for at the configured host, whatever else the row says', () => {
    const earlier = decideEarlier(
      alex,
      record(`https://u:p@contoso-my.sharepoint.com/User%20Photos/a%20b/%23c.jpg?x#y`),
      geos,
    );
    expect(earlier).toMatchObject({ mySiteUrl, path: '/User Photos/a b/#c.jpg' });
    expect(earlierUrl(earlier as Earlier)).toBe(`${mySiteUrl}/User%20Photos/a%20b/%23c.jpg`);
  });
});

describe('A restore', () => {
  const us: ShownAt = { by: 'us', mySiteUrl, folder: 'Profilbilder' };
  const nobody: ShownAt = { by: 'nobody' };
  const ourUrl = `${mySiteUrl}/User%20Photos/Profilbilder/m365-${alex}_MThumb.jpg`;
  const otherFile: ShownAt = { by: 'other-file', mySiteUrl, path: '/x.jpg' };

  it.each([
    {
      when: 'our picture is shown, and the earlier file is there',
      shown: us,
      pictureUrl: ourUrl,
      earlier: file,
      isThere: true,
      then: { do: 'set' },
    },
    {
      when: 'our picture is shown, and there was none before',
      shown: us,
      pictureUrl: ourUrl,
      earlier: nothing,
      isThere: false,
      then: { do: 'set' },
    },
    {
      when: 'our picture is shown, and the earlier file is gone',
      shown: us,
      pictureUrl: ourUrl,
      earlier: file,
      isThere: false,
      then: { code: 'not-restored' },
    },
    {
      when: 'the earlier picture is shown already',
      shown: otherFile,
      pictureUrl: `${mySiteUrl}:443${path}`,
      earlier: file,
      isThere: true,
      then: { do: 'clean-up' },
    },
    {
      when: 'none is shown already',
      shown: nobody,
      pictureUrl: '',
      earlier: nothing,
      isThere: false,
      then: { do: 'clean-up' },
    },
    {
      when: 'none is shown, and there was one before',
      shown: nobody,
      pictureUrl: '',
      earlier: file,
      isThere: true,
      then: { code: 'not-restored' },
    },
    {
      when: 'another picture is shown',
      shown: otherFile,
      pictureUrl: `${mySiteUrl}/x.jpg`,
      earlier: file,
      isThere: true,
      then: { code: 'not-restored' },
    },
    {
      when: 'another picture is shown, and there was none before',
      shown: otherFile,
      pictureUrl: `${mySiteUrl}/x.jpg`,
      earlier: nothing,
      isThere: false,
      then: { code: 'not-restored' },
    },
    {
      when: 'a picture from elsewhere is shown',
      shown: { by: 'other-address' } as ShownAt,
      pictureUrl: 'https://x.example/y',
      earlier: file,
      isThere: true,
      then: { code: 'not-restored' },
    },
  ])('when $when: $then', ({ then, ...facts }) => {
    expect(decideRestore({ ...facts, wasCleared: false })).toMatchObject(then);
  });

  it.each([
    {
      when: 'none is shown',
      shown: nobody,
      pictureUrl: '',
      earlier: file,
      isThere: true,
    },
    {
      when: 'another is shown',
      shown: otherFile,
      pictureUrl: `${mySiteUrl}/x.jpg`,
      earlier: file,
      isThere: true,
    },
  ])('of a picture that the app had cleared takes its files away, when $when', (facts) => {
    const decided = decideRestore({ ...facts, wasCleared: true });
    expect(decided).toMatchObject({ do: 'clean-up', plan: { code: 'not-restored' } });
  });

  it('sets the properties, the address last and the time to now', () => {
    const profile = {
      properties: new Map([['SPS-PictureTimestamp', '63931107000']]),
      readAt: new Date('2026-11-24T09:00:00.900Z'),
    };
    expect(restoreChanges(profile, file)).toEqual([
      ['SPS-PicturePlaceholderState', '0'],
      ['SPS-PictureTimestamp', '63931107600'],
      ['PictureURL', `${mySiteUrl}${encodeURI(path)}`],
    ]);
    expect(restoreChanges(profile, nothing)).toEqual([
      ['SPS-PicturePlaceholderState', '1'],
      ['SPS-PictureTimestamp', '63931107600'],
      ['PictureURL', ''],
    ]);
  });
});
