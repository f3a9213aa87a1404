import type { Books, Person } from '../books';
import type { MovableClock } from '../clock';
import type { AppRoleAssignments } from '../directory/app-role-assignments';
import type { EventStream } from '../event-stream';
import type { FaultBoard } from '../faults/fault-board';
import type { TenantHistory } from '../history';
import type { GrantedRoles } from '../identity';
import type { Limits } from '../limits';
import type { DeliveryLog } from '../notifying/delivery-log';
import type { Notifier } from '../notifying/notifier';
import type { SubscriptionBook } from '../notifying/subscription-book';
import type { Pictures } from '../pictures/picture-store';
import type { RequestLog } from '../request-log';
import type { Versioning } from '../sharepoint/lists';
import type { Retention } from '../sharepoint/retention';
import type { Origins } from '../serving/origins';
import type { PhotoHashes } from '../sync/photo-hashes';
import type { TokenAuthority } from '../tokens';
import { ControlProblem } from './control-problem';
import type { TenantChanges } from './changes';

/** All that the control API shows and moves. */
export interface TenantParts {
  books: Books;
  pictures: Pictures;
  hashes: PhotoHashes;
  clock: MovableClock;
  events: EventStream;
  requests: RequestLog;
  history: TenantHistory;
  faults: FaultBoard;
  retention: Retention;
  versioning: Versioning;
  limits: Limits;
  subscriptions: SubscriptionBook;
  notifier: Notifier;
  deliveries: DeliveryLog;
  changes: TenantChanges;
  roles: GrantedRoles;
  assignments: AppRoleAssignments;
  origins: Origins;
  tokens: TokenAuthority;
  /** What it gave out: the tokens so far, and the identity endpoint's header. */
  issuedTokens: Set<string>;
  identityHeader: string;
  functionsUrl: string | undefined;
  /** The books or the roles changed: they have to be saved. */
  changed: () => void;
}

export function personIn({ books }: TenantParts, id: string | undefined): Person {
  const person = books.people.get((id ?? '').toLowerCase());
  if (person === undefined) throw new ControlProblem(404, `Nobody has the id ${id ?? ''}.`);
  return person;
}
