import type { ServiceRequest } from '../books';
import type { Library } from './library';
import { requireFileRead, requireFileWrite } from './roles';
import type { SharePointDeps, SharePointWork } from './work';

export interface FileContext {
  deps: SharePointDeps;
  /** That of the host asked. */
  library: Library;
  request: ServiceRequest;
}

export function reading({ deps, request }: FileContext, run: SharePointWork['run']): SharePointWork {
  return {
    peopleManagerCalls: 0,
    run: () => {
      requireFileRead(deps.books, request);
      return run();
    },
  };
}

export function writing({ deps, request }: FileContext, run: SharePointWork['run']): SharePointWork {
  return {
    peopleManagerCalls: 0,
    run: async () => {
      requireFileWrite(deps.books, request);
      const answer = await run();
      deps.changed();
      return answer;
    },
  };
}
