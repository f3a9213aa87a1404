import type { Books, PictureStore, ServiceAnswer, SimulatorClock } from '../books';
import type { TenantHistory } from '../history';
import type { Limits } from '../limits';
import type { Versioning } from './lists';
import type { Retention } from './retention';

export interface SharePointDeps {
  books: Books;
  pictures: PictureStore;
  clock: SimulatorClock;
  /** Called after every change of the books. */
  changed: () => void;
  limits: Limits;
  history: TenantHistory;
  retention: Retention;
  versioning: Versioning;
}

/** What a request asks for, understood but not done yet: the throttle stands in between. */
export interface SharePointWork {
  /** Calls of PeopleManager inside, which have a limit of their own. */
  peopleManagerCalls: number;
  /** May throw a `SharePointError`. */
  run: () => ServiceAnswer | Promise<ServiceAnswer>;
}
