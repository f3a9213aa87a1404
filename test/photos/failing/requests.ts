import { applying, type ApplyingRequest } from '../../support/applying-requests';
import type { ServiceFault } from '../../support/control-api';
import type { Failure } from './failures';
import type { Laboratory } from './laboratory';
import type { Path } from './paths';

/** A request that can fail, and what the app does when it does. */
export interface RequestRow {
  path: Path;
  request: string;
  /** Where it is met. `clientId`: of the app that asks. */
  at: (who: Who) => Place;
  /** The address tells of nobody, so no other request of its kind may be on its way. */
  isNameless?: true;
  /** Nothing has been asked of this host yet. */
  isToken?: true;
  /** The app remembers the answer, so it has to be one that knows nothing yet. */
  isRemembered?: true;
  /** The person is claimed by then: what comes back has to write. */
  isClaimed: boolean;
  /** Where it does not simply come back. */
  but?: Partial<Record<Failure, string>>;
  /** Where one of the app's own files is still there in the end, for good. */
  keepsFile?: readonly Failure[];
}

type Place = Pick<ServiceFault, 'service' | 'match' | 'skip'>;

interface Who {
  personId: string;
  userPrincipalName: string;
  clientId: string;
  hosts: Laboratory['hosts'];
}

type ServiceName = {
  [Name in keyof typeof applying]: (typeof applying)[Name] extends { service: unknown } ? Name : never;
}[keyof typeof applying];

const known =
  (name: ServiceName, more: { skip?: number } = {}) =>
  ({ personId, userPrincipalName }: Who): Place => {
    const { service, match }: Extract<ApplyingRequest, { service: unknown }> = applying[name];
    const person = { id: personId, userPrincipalName } as Parameters<typeof match>[0]['person'];
    return { service, match: match({ person, messageId: '' }), ...more };
  };
const ofPerson =
  (rest: string) =>
  ({ personId }: Who): Place => ({ service: 'graph', match: `/users/${personId}${rest}` });
const file =
  (method: 'GET' | 'POST', name: string) =>
  ({ personId }: Who): Place => ({
    service: 'mysite',
    match: `^${method} \\S+GetFileByServerRelativePath\\S+${name.replace('*', personId)}`,
  });
const token = (host: keyof Laboratory['hosts']): Pick<RequestRow, 'at' | 'isToken' | 'but'> => ({
  at: ({ clientId, hosts }) => ({
    service: 'identity',
    match: `(?=.*resource=${encodeURIComponent(hosts[host])})(?=.*client_id=${clientId})`,
  }),
  isToken: true,
  // The identity's own client reads the answer, and does not say how long to wait.
  but: { '429 for 7 s': 'comes back after 60 s', '429 until a date': 'comes back after 60 s' },
});

/** What SharePoint says of a request that is wrong, or of a state nobody has thought of: the queue's tries are for that. */
const refusedForGood = { '409': 'is tried again', '412': 'is tried again', '423': 'is tried again' };
const nothingThere = { ...refusedForGood, '404': 'is tried again' };
const noPicture = { '404': 'ends with the plan apply' };
/** SharePoint keeps what is retained, and of what is not there nothing can be removed. */
const recyclingEnds = (plan: string) => ({
  ...refusedForGood,
  ...Object.fromEntries(['403', '404', '409', '423'].map((status) => [status, `ends with the plan ${plan}`])),
});
const retained = ['403', '404', '409', '423'] as const;

type Row = Omit<RequestRow, 'path'>;

// Several paths ask these; what becomes of them is the same on each.
const theProfile: Row = {
  request: 'the profile',
  at: known('reading the profile'),
  isClaimed: true,
  but: nothingThere,
};
const theFolder: Row = {
  request: 'the folder',
  at: known('finding the folder'),
  isNameless: true,
  isRemembered: true,
  isClaimed: true,
  but: nothingThere,
};
const theProperties: Row = {
  request: 'the properties',
  at: known('setting the properties'),
  isNameless: true,
  isClaimed: true,
};
const theProfileReadBack: Row = {
  request: 'the profile read back',
  at: known('reading the profile', { skip: 1 }),
  isClaimed: true,
  but: nothingThere,
};
/** @param plan what it ends with where the file is not there. */
const readingTheSFile = (plan: string): Row => ({
  request: 'reading the S file',
  at: file('GET', 'm365-*_SThumb'),
  isClaimed: true,
  but: { ...refusedForGood, '404': `ends with the plan ${plan}` },
  keepsFile: ['404'],
});
const recyclingTheFile = (letter: 'S' | 'L', plan: string): Row => ({
  request: `recycling the ${letter} file`,
  at: file('POST', `m365-*_${letter}Thumb`),
  isClaimed: true,
  but: recyclingEnds(plan),
  keepsFile: retained,
});

const applyingRows: Row[] = [
  { request: 'the token for Graph', ...token('graph'), isClaimed: false },
  {
    request: 'the look',
    at: known('looking'),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  { request: 'the batch', at: known('reading the pictures'), isNameless: true, isClaimed: false },
  {
    request: 'the account in the batch',
    at: ofPerson('\\?'),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  { request: 'the S picture in the batch', at: ofPerson('/photos/48'), isClaimed: false, but: noPicture },
  { request: 'the M picture in the batch', at: ofPerson('/photos/96'), isClaimed: false, but: noPicture },
  { request: 'the L picture in the batch', at: ofPerson('/photos/360'), isClaimed: false, but: noPicture },
  { request: 'the token for the admin site', ...token('admin'), isClaimed: true },
  theProfile,
  { request: 'the token for the My Site host', ...token('mysite'), isClaimed: true },
  theFolder,
  { request: 'the S file', at: known('writing S'), isClaimed: true },
  { request: 'the M file', at: known('writing M'), isClaimed: true },
  { request: 'the L file', at: known('writing L'), isClaimed: true },
  theProperties,
  { request: 'the look after', at: known('looking', { skip: 1 }), isClaimed: true },
];

/** A file that is not there is not as it was written, and then all writing stops. */
const notAsWritten = { ...refusedForGood, '404': 'ends with the plan stop' };

const readingBackRows: Row[] = [
  theProfileReadBack,
  {
    request: 'the S file read back',
    at: file('GET', 'm365-*_SThumb'),
    isClaimed: true,
    but: notAsWritten,
  },
];

/** A file of ours that is gone is nobody's choice. */
const writtenAgain = { ...refusedForGood, '404': 'comes back after 0 s, forced' };

const checkingRows: Row[] = [
  {
    request: 'the account in the batch',
    at: ofPerson('\\?'),
    isClaimed: false,
    but: { '404': 'ends with the plan apply' },
  },
  { request: 'the profile', at: known('reading the profile'), isClaimed: false, but: nothingThere },
  { request: 'the S file', at: file('GET', 'm365-*_SThumb'), isClaimed: false, but: writtenAgain },
];

const clearingRows: Row[] = [
  { request: 'the look', at: known('looking'), isClaimed: false },
  {
    request: 'the account',
    at: ofPerson('\\?'),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  theProfile,
  theProperties,
  theProfileReadBack,
  {
    request: 'the look after',
    at: known('looking', { skip: 1 }),
    isClaimed: true,
    but: { '404': 'ends with the plan clear' },
  },
];

const removingFilesRows: Row[] = [
  theProfile,
  theFolder,
  readingTheSFile('skip'),
  recyclingTheFile('S', 'skip'),
  recyclingTheFile('L', 'skip'),
];

const restoringRows: Row[] = [
  {
    request: 'the account in the batch',
    at: ofPerson('\\?'),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  { request: 'the profile', at: known('reading the profile'), isClaimed: false, but: nothingThere },
  {
    request: 'the earlier file',
    at: file('GET', 'earlier-*'),
    isClaimed: false,
    but: { ...refusedForGood, '404': 'ends with the plan skip' },
  },
  theProperties,
  theProfileReadBack,
  readingTheSFile('restore'),
  recyclingTheFile('S', 'restore'),
];

/** Of each path in their order. */
export const requestRows: RequestRow[] = [
  ...applyingRows.map((row) => ({ path: 'applying' as const, ...row })),
  ...readingBackRows.map((row) => ({ path: 'reading back a first write' as const, ...row })),
  ...checkingRows.map((row) => ({ path: 'checking' as const, ...row })),
  ...clearingRows.map((row) => ({ path: 'clearing' as const, ...row })),
  ...removingFilesRows.map((row) => ({ path: 'removing the files' as const, ...row })),
  ...restoringRows.map((row) => ({ path: 'restoring' as const, ...row })),
];

/** What becomes of an event, in words. */
export function expected({ isClaimed, but }: RequestRow, failure: Failure): string {
  const special = but?.[failure];
  const seconds = failure === '429 for 7 s' ? 7 : failure === '429 until a date' ? 30 : 60;
  const words = special ?? `comes back after ${String(seconds)} s`;
  return isClaimed && words.startsWith('comes back') ? `${words}, forced` : words;
}
