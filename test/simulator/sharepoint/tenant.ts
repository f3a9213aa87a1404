/** A small tenant and a SharePoint in front of it, called without a server. */

import { createHash } from 'node:crypto';
import type {
  Books,
  PictureStore,
  Service,
  ServiceAnswer,
  ServiceRequest,
  ServiceRole,
} from '../../../src/simulator/books';
import { TenantHistory } from '../../../src/simulator/history';
import { CLIENT_ID } from '../../../src/simulator/identity';
import { createLimits, type LimitsSetting } from '../../../src/simulator/limits';
import { createSharePoint } from '../../../src/simulator/sharepoint';
import { Retention } from '../../../src/simulator/sharepoint/retention';

export const origins: Record<ServiceRole, string> = {
  graph: 'https://localhost:7081',
  root: 'https://localhost:7082',
  mysite: 'https://localhost:7083',
  admin: 'https://localhost:7084',
  'geo-mysite': 'https://localhost:7086',
  'geo-admin': 'https://localhost:7087',
  identity: 'http://127.0.0.1:7085',
};

export const ADA = 'i:0#.f|membership|ada@contoso.com';
export const ONEIL = "i:0#.f|membership|o'neil@contoso.com";
export const GUEST = 'i:0#.f|membership|kim_fabrikam.com#ext#@contoso.onmicrosoft.com';
export const ADA_ID = '11111111-1111-4111-8111-111111111111';
export const FOLDER = '/User Photos/Profilbilder';

export interface Call {
  role?: ServiceRole;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  roles?: string[];
  origins?: Record<ServiceRole, string>;
}

export interface Answer extends ServiceAnswer {
  text: string;
  json: unknown;
}

export interface TestTenant {
  books: Books;
  changes: () => number;
  retention: Retention;
  advance: (seconds: number) => void;
  call: (path: string, call?: Call) => Promise<Answer>;
}

const writePermission = [{ id: 'a', appId: CLIENT_ID, displayName: 'photo-sync', roles: ['write' as const] }];

export const ALL_ROLES = ['User.ReadWrite.All', 'Sites.FullControl.All'];

export function createTestTenant({
  limits = 'off',
  geo = false,
}: { limits?: LimitsSetting; geo?: boolean } = {}): TestTenant {
  const books = createBooks();
  if (geo) {
    books.geo = {
      files: new Map(),
      folderName: 'Photos de profil',
      mySiteUrl: 'https://contosoapac-my.sharepoint.com',
      permissions: [...writePermission],
    };
  }
  const kept = new Map<string, Buffer>();
  let changes = 0;
  let now = Date.parse('2026-11-24T10:00:00Z');
  const clock = { now: () => now };
  const retention = new Retention();
  const service: Service = createSharePoint({
    books,
    pictures: createPictures(kept),
    clock,
    retention,
    versioning: { enabled: false, majorVersionLimit: 500 },
    changed: () => void (changes += 1),
    history: new TenantHistory(books, clock),
    limits: createLimits({ setting: limits, clock, people: () => books.people.size }),
  });
  return {
    books,
    changes: () => changes,
    retention,
    advance: (seconds) => void (now += seconds * 1000),
    call: async (path, call = {}) => toAnswer(await service(toRequest(path, call))),
  };
}

function createBooks(): Books {
  const books: Books = {
    tenantId: '99999999-9999-4999-8999-999999999999',
    people: new Map(),
    groups: new Map(),
    profiles: new Map(),
    files: new Map(),
    nativePulls: new Map(),
    folderName: 'Profilbilder',
    mySiteUrl: 'https://contoso-my.sharepoint.com',
    permissions: [...writePermission],
  };
  for (const accountName of [ADA, ONEIL, GUEST]) {
    books.profiles.set(accountName.toLowerCase(), {
      accountName,
      objectId: accountName === ADA ? ADA_ID : undefined,
      personalSiteHostUrl: '',
      properties: {
        PictureURL: '',
        'SPS-PicturePlaceholderState': '1',
        'SPS-PictureTimestamp': '',
        'SPS-PictureExchangeSyncState': '1',
      },
    });
  }
  return books;
}

function createPictures(kept: Map<string, Buffer>): PictureStore {
  return {
    rendition: () => Promise.reject(new Error('SharePoint draws no pictures.')),
    nativeThumbnail: () => Promise.reject(new Error('SharePoint draws no pictures.')),
    keep(bytes) {
      const key = createHash('sha256').update(bytes).digest('hex');
      kept.set(key, bytes);
      return Promise.resolve(key);
    },
    read(key) {
      const bytes = kept.get(key);
      return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`Nothing is kept as ${key}.`));
    },
  };
}

function toRequest(path: string, call: Call): ServiceRequest {
  const role = call.role ?? 'mysite';
  const names = call.origins ?? origins;
  return {
    role,
    method: call.method ?? 'GET',
    url: new URL(path, names[role]),
    headers: { accept: 'application/json;odata=nometadata', ...call.headers },
    body: Buffer.from(call.body ?? ''),
    roles: call.roles ?? ALL_ROLES,
    origin: names[role],
    originOf: (other) => names[other],
  };
}

function toAnswer(answer: ServiceAnswer): Answer {
  const text = (answer.body ?? '').toString();
  return {
    ...answer,
    text,
    get json(): unknown {
      return JSON.parse(text);
    },
  };
}

/** `@v='…'` as the client has to send it. */
export const quoted = (value: string): string => `'${encodeURIComponent(value.replaceAll("'", "''"))}'`;
