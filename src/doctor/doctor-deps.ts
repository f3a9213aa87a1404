import type { Config } from '../config';
import type { Log } from '../log';
import type { ScopeSource } from '../scope/scope-source';
import type { ControlTable } from '../storage/control-table';
import type { RecordTable, StepRow } from '../storage/record-table';
import type { TokenFacts } from '../tenant/describe-token';
import type { PhotoSource } from '../tenant/graph';
import type { PhotoLooks } from '../tenant/graph-looks';
import type { PeopleSource } from '../tenant/graph-people';
import type { PictureLibrary } from '../tenant/picture-library';
import type { WriteGate } from '../writing/gate';
import type { UndoDeps } from './undo-trial';

/** What the doctor works with. */
export interface DoctorDeps extends UndoDeps {
  settings: Config;
  gate: WriteGate;
  scope: ScopeSource;
  photos: PhotoSource;
  looks: PhotoLooks;
  directory: Pick<PeopleSource, 'list'>;
  library: PictureLibrary;
  /** What the app's token for this host says. @throws ServiceFailure where there is none. */
  describeToken(origin: string): Promise<TokenFacts | undefined>;
  records: RecordTable;
  control: Pick<ControlTable, 'read' | 'recordDoctor'>;
  /** Has a sweep take up what was left. */
  requestSweep(reason: string): Promise<void>;
  log: Log;
}

export type Finding = Omit<StepRow, 'step'>;

/** A step that can't be passed before something is mended; `message` says what. */
export class StepFailed extends Error {
  constructor(
    message: string,
    readonly right: { role?: string; resourceApp?: string } = {},
  ) {
    super(message);
    this.name = 'StepFailed';
  }
}

export const ok = (detail: string): Finding => ({ outcome: 'ok', detail });
