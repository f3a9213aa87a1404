/**
 * The simulated tenant's books: who exists, which photo each person has in Microsoft 365, and what SharePoint
 * holds. Every service reads and writes these, and the control API judges `inSync` by them.
 */

import type { SignedIn } from './directory/signed-in';

export type SizeLetter = 'S' | 'M' | 'L';

/** What makes a person worth having in a test. `ordinary` people have a mailbox, a photo and a profile. */
export type PersonKind =
  | 'ordinary'
  | 'dotted' // a.b@ beside a_b@: SharePoint's own file names collide
  | 'underscored'
  | 'apostrophe' // o'neil@
  | 'percent' // a name with % in it
  | 'guest' // #EXT#
  | 'disabled'
  | 'no-mailbox' // the photo is stored in the directory, with odd dimensions
  | 'no-profile' // SharePoint has no profile yet
  | 'no-photo'
  | 'reused-upn' // the profile under this UPN belongs to a leaver
  | 'shared-picture' // the same default logo as others
  | 'native-pull'; // SharePoint pulled the picture from Exchange by itself

/**
 * How a photo's bytes are made: a drawing (by seed), an uploaded file (by its key in the blob folder), or bytes kept
 * as given and served as every rendition. The stamp goes into the bytes, so that no two photos share any.
 */
export type PhotoOrigin =
  { drawing: string; stamp: string } | { upload: string; stamp: string } | { raw: string };

/** How Graph says that there is no photo: by one of three 404s, or by metadata of a 1x1 gif. */
export type NoPhotoAnswer = 'ImageNotFound' | 'ErrorItemNotFound' | 'ErrorEntityNotFound' | 'gif';

/** A photo as Graph serves it. Bytes are made on demand by `pictures.ts` and are the same for the same photo. */
export interface SourcePhoto {
  /** Graph's `@odata.mediaEtag`, quotes included: `"…64 hex…"`. */
  etag: string;
  origin: PhotoOrigin;
  width: number;
  height: number;
  contentType: string;
  changedAt: string;
}

export interface ProfileProperties {
  PictureURL: string;
  'SPS-PicturePlaceholderState': string;
  'SPS-PictureTimestamp': string;
  'SPS-PictureExchangeSyncState': string;
  [name: string]: string;
}

export interface SharePointProfile {
  /** `i:0#.f|membership|<upn>`; also the key in `profiles`, lower case. */
  accountName: string;
  /** `msOnline-ObjectId`; absent in some old profiles. */
  objectId: string | undefined;
  /** Empty: the tenant's own My Site host, under whatever name it is asked. Otherwise a host of another geo. */
  personalSiteHostUrl: string;
  properties: ProfileProperties;
}

export interface StoredFile {
  sha256: string;
  /** What `PictureStore.read` takes: the SHA-256 of kept bytes, or the recipe of a picture drawn on demand. */
  key: string;
  length: number;
  modifiedAt: string;
  /** `app` for what came in by the API, `sharepoint` for SharePoint's own pull or an earlier upload. */
  writtenBy: 'app' | 'sharepoint';
}

export interface Person {
  /** Entra object id, lower-case GUID. */
  id: string;
  userPrincipalName: string;
  displayName: string;
  jobTitle: string;
  /** Absent on some old accounts: counts as a member. */
  userType: 'Member' | 'Guest' | undefined;
  accountEnabled: boolean;
  mailbox: boolean;
  kind: PersonKind;
  photo: SourcePhoto | undefined;
  /** Every etag this person had before the present photo's, oldest first. */
  formerEtags: string[];
  /** The photos behind them (the latest fifty), so that an old picture can be told from a stranger's. */
  formerPhotos?: SourcePhoto[];
  /** Absent: `ImageNotFound`. */
  noPhotoAnswer?: NoPhotoAnswer;
  /** When the photo last changed or went, by the simulator's clock. */
  photoChangedAt?: string;
  /** How long after that SharePoint showed it. Absent while it doesn't. */
  syncedAfterMs?: number;
}

/** A group of the directory. Ids in lower case. */
export interface DirectoryGroup {
  id: string;
  displayName: string;
  members: string[];
  /** Groups inside it. */
  groups: string[];
  /** `HiddenMembership`: its members are shown only to who has the role Member.Read.Hidden. */
  hidden: boolean;
}

/** What SharePoint's own pull last took from Exchange for a profile: judged by the books, since its thumbnails are other bytes. */
export interface NativePull {
  sourceEtag: string;
  pictureUrl: string;
  /** ISO 8601, by the simulator's clock. Absent in books of an earlier version. */
  at?: string;
}

/** What an app with the role `Sites.Selected` may do on a site. */
export interface SitePermission {
  id: string;
  /** Client id, lower case. */
  appId: string;
  displayName: string;
  roles: ('read' | 'write' | 'manage' | 'fullcontrol')[];
}

/** What a My Site host holds, and what it is called. */
export interface MySite {
  permissions: SitePermission[];
  /** By server-relative path, case kept, e.g. `/User Photos/Profilbilder/x_MThumb.jpg`. */
  files: Map<string, StoredFile>;
  /** The localised folder under `/User Photos`. */
  folderName: string;
  /**
   * The host's real name, `https://contoso-my.sharepoint.com`, without a slash. A `PictureURL` that SharePoint wrote
   * itself carries it and, like the real ones, `:443`, so that the books don't depend on the ports of the day.
   */
  mySiteUrl: string;
}

/** The My Site host of the books themselves is that of the tenant's own geo. */
export interface Books extends MySite {
  tenantId: string;
  people: Map<string, Person>;
  groups: Map<string, DirectoryGroup>;
  /** By lower-case account name. */
  profiles: Map<string, SharePointProfile>;
  /** By lower-case account name. */
  nativePulls: Map<string, NativePull>;
  /** That of a further geo, where there is one. */
  geo?: MySite;
}

/** Which of the simulated hosts a request came in on. */
export type ServiceRole = 'graph' | 'root' | 'mysite' | 'admin' | 'geo-mysite' | 'geo-admin' | 'identity';

export interface ServiceRequest {
  role: ServiceRole;
  method: string;
  /** Path and query as sent. */
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
  /** The caller's application roles, read from a token the simulator signed and checked. */
  roles: readonly string[];
  /** The admin in whose name is asked; absent for what an app asks for itself. */
  signedIn?: SignedIn | undefined;
  /** Origin to use in the URLs of an answer: the port's own, or the real host name the request was made to. */
  origin: string;
  /** What the other roles are called from outside, in the same naming as `origin`. */
  originOf: (role: ServiceRole) => string;
}

export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** For the request log: what a batch held. */
  inner?: { method: string; path: string; status: number }[];
}

/** A service plays one or more roles. It never sees a request whose token was refused. */
export type Service = (request: ServiceRequest) => Promise<ServiceAnswer>;

/** Milliseconds since 1970, by the simulator's own clock, which the control API can move. */
export interface SimulatorClock {
  now(): number;
}

/** Bytes of pictures and files. Same input, same bytes. */
export interface PictureStore {
  /** A Graph rendition: one of the nine square sizes, or the photo as it is for `original`. */
  rendition(photo: SourcePhoto, size: number | 'original'): Promise<Buffer>;
  /** SharePoint's own thumbnail of a photo: other bytes than any of Graph's renditions. */
  nativeThumbnail(photo: SourcePhoto, letter: SizeLetter): Promise<Buffer>;
  /** Keeps bytes and returns their key, which is their SHA-256 in hex. */
  keep(bytes: Buffer): Promise<string>;
  read(key: string): Promise<Buffer>;
}
