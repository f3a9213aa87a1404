import { alex, bea } from '../support/ids';
import { judgeEnd } from './judge-end';
import { judgeHistory, type JudgedEntry } from './judge-history';

/* An audit that could not fail would prove nothing: each thing it looks for is found. */

const folder = '/User Photos/Profilbilder';
const at = (seconds: number) => ({
  n: seconds,
  time: new Date(seconds * 1000).toISOString(),
  machineMs: seconds * 1000,
});
const file = (
  seconds: number,
  etag: string | null,
  path = `${folder}/m365-${alex}_SThumb.jpg`,
  over = null,
) => ({ ...at(seconds), kind: 'file', path, sha256: '0', over, etag }) as JudgedEntry;
const address = (seconds: number, value: string, before: string, objectId = alex) =>
  ({
    ...at(seconds),
    kind: 'property',
    accountName: 'a',
    objectId,
    name: 'PictureURL',
    value,
    before,
  }) as JudgedEntry;
const photo = (seconds: number, etag: string | null) =>
  ({ ...at(seconds), kind: 'photo', personId: alex, etag }) as JudgedEntry;
const removed = (seconds: number) =>
  ({ ...at(seconds), kind: 'person-removed', personId: alex }) as JudgedEntry;
const url = `https://contoso-my.sharepoint.com${folder}/m365-${alex}_MThumb.jpg`;

const written = [file(10, 'a'), address(11, url, '')];

describe('over the whole run', () => {
  it.each<{ when: string; entries: JudgedEntry[]; then: object }>([
    { when: 'everybody’s own photo was written', entries: written, then: {} },
    {
      when: 'bytes came that were never a photo of this person',
      entries: [file(10, null)],
      then: { wrongFace: [{ personId: alex }] },
    },
    {
      when: 'a picture was shown in another’s profile',
      entries: [address(11, url, '', bea)],
      then: { wrongFace: [{ personId: alex }] },
    },
    {
      when: 'a file of SharePoint’s was written over',
      entries: [file(10, 'a', undefined, 'sharepoint' as never)],
      then: { foreignFile: [{ personId: alex }] },
    },
    {
      when: 'a file of another name was written',
      entries: [file(10, 'a', `${folder}/alex_SThumb.jpg`)],
      then: { foreignFile: [{ personId: '' }] },
    },
    {
      when: 'a photo went, and the picture after two looks',
      entries: [...written, photo(100, null), address(115, '', url)],
      then: {},
    },
    {
      when: 'the picture went at the first look',
      entries: [...written, photo(100, null), address(101, '', url)],
      then: { unconfirmedRemoval: [{ personId: alex }] },
    },
    {
      when: 'the first look was at another time without a photo',
      entries: [photo(1, null), photo(5, 'a'), ...written, photo(100, null), address(101, '', url)],
      then: { unconfirmedRemoval: [{ personId: alex }] },
    },
    {
      when: 'the picture went while there was a photo',
      entries: [...written, address(100, '', url)],
      then: { unconfirmedRemoval: [{ personId: alex }] },
    },
    {
      when: 'the photo was back for longer than a worker may take',
      entries: [...written, photo(100, null), photo(115, 'b'), address(200, '', url)],
      then: { unconfirmedRemoval: [{ personId: alex }] },
    },
    {
      when: 'the account was gone',
      entries: [...written, removed(100), address(200, '', url)],
      then: { unconfirmedRemoval: [{ personId: alex }] },
    },
  ])('$when', ({ entries, then }) => {
    const verdict = judgeHistory(entries, new Map([[alex, true]]), { confirmSeconds: 10, graceMs: 20_000 });
    expect(verdict).toMatchObject({ wrongFace: [], foreignFile: [], unconfirmedRemoval: [], ...then });
  });
});

describe('in the end', () => {
  const known = {
    id: alex,
    kind: 'ordinary',
    userPrincipalName: 'a',
    isInScope: true,
    hasOwnProfile: true,
  } as const;
  const person = { ...known, hasPhoto: true, isUnusable: false, byHand: false };
  const shown = (changes: object) =>
    ({
      id: alex,
      inSync: false,
      source: { etag: 'b' },
      sharePoint: { pictureUrl: url },
      ...changes,
    }) as never;
  const name = `m365-${alex}_SThumb.jpg`;
  const files = [{ path: `${folder}/${name}`, modifiedAt: at(10).time }] as never;
  const noPhoto = shown({ source: null, sharePoint: { pictureUrl: '' } });
  const cleared = [...written, address(20, '', url)];

  it.each<{ when: string; facts: Partial<Parameters<typeof judgeEnd>[0]>; then: object }>([
    { when: 'all is in sync', facts: { shown: [shown({ inSync: true })] }, then: {} },
    {
      when: 'SharePoint shows an older photo, by our files',
      facts: { shown: [shown({})], history: written },
      then: { lost: [{ personId: alex }], olderFace: [{ personId: alex }] },
    },
    {
      when: 'SharePoint shows another picture',
      facts: { shown: [shown({ sharePoint: { pictureUrl: '' } })] },
      then: { lost: [{ personId: alex }] },
    },
    {
      when: 'the photo can’t be used',
      facts: { people: [{ ...person, isUnusable: true }], shown: [shown({})] },
      then: {},
    },
    {
      when: 'a picture was put in by hand since',
      facts: { people: [{ ...person, byHand: true }], shown: [shown({})] },
      then: {},
    },
    {
      when: 'the picture of a photo that is gone still shows',
      facts: { shown: [shown({ source: null })], history: written },
      then: { leftoverFile: [{ personId: alex }] },
    },
    {
      when: 'files stay of a picture that was cleared',
      facts: { shown: [noPhoto], history: cleared },
      then: { leftoverFile: [{ personId: alex }] },
    },
    {
      when: 'a file stays that the tenant would not let go',
      facts: { shown: [noPhoto], history: cleared, refusals: new Map([[name, at(21).time]]) },
      then: {},
    },
    {
      when: 'a file stays that was written after the tenant would not let go another',
      facts: { shown: [noPhoto], history: cleared, refusals: new Map([[name, at(9).time]]) },
      then: { leftoverFile: [{ personId: alex }] },
    },
  ])('$when', ({ facts, then }) => {
    const usual = { people: [person], files, history: written, shown: [], refusals: new Map() };
    const verdict = judgeEnd({ ...usual, ...facts });
    expect(verdict).toMatchObject({ lost: [], olderFace: [], leftoverFile: [], ...then });
  });
});
