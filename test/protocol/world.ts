import type { Mix } from './mixes';
import type { Random } from './random';

// Looked up once: a global costs much more inside a test's own realm.
const { floor, max } = Math;

export type Cause = 'notification' | 'delayed-look' | 'second-look' | 'retry' | 'sweep';

export interface Message {
  cause: Cause;
  /** A sweep sent it, or a copy of it. */
  isOfSweep: boolean;
  force: boolean;
  dequeueCount: number;
  /** Whole seconds, by a queue server's clock. */
  insertedAt: number;
  /** When a delayed or second look is due, in whole seconds of a table server's clock. */
  dueAt: number;
  /** Which of the second looks it is, from 1; 0 for anything else. */
  lookNumber: number;
  /** Milliseconds of true time. */
  visibleAt: number;
}

/** The person's row. `token` stands for the Table etag: every write changes it. */
export interface Row {
  token: number;
  dirty: boolean;
  appliedEtag: number;
  /** Whole seconds, by a table server's clock. */
  lookStartedAt: number;
}

/** The person's other entity, by which notifications in quick succession share one look. Whole seconds. */
export interface Looks {
  token: number;
  lookingSince: number;
  /** Which run noted that. */
  lookingBy: number;
  nextLookAt: number;
  /** In a place of its own: nobody may take a look that is due in minutes for one that is due in seconds. */
  secondLookAt: number;
}

export type Part = 'S' | 'M' | 'L' | 'properties';

/** A request to Graph or SharePoint that did not succeed, as far as the worker can tell. */
export class ServiceFailure extends Error {}

const serviceFailure = new ServiceFailure('throttled');

/**
 * One person, and all that several workers share. A photo is its number, which is its etag too. Each operation is
 * atomic; whatever may happen between two of them happens where a worker yields.
 */
export class World {
  /** True time in milliseconds. The workers know it only as servers tell it. */
  now = 0;
  photo = 0;
  readonly queue: Message[] = [];
  /** For each part, the number of the photo it was written for. */
  readonly sharePoint: Record<Part, number> = { S: 0, M: 0, L: 0, properties: 0 };
  row: Row = { token: 0, dirty: false, appliedEtag: 0, lookStartedAt: -1000 };
  looks: Looks = { token: 0, lookingSince: -1000, lookingBy: 0, nextLookAt: -1000, secondLookAt: -1000 };
  private runs = 0;
  /** True once no service fails any more, so that what is left can come to rest. */
  calm = false;
  /** Since when Graph serves each photo. */
  private readonly servedFrom: number[] = [0];

  constructor(
    readonly random: Random,
    readonly mix: Mix,
    private readonly trace?: string[],
  ) {}

  changePhoto(): void {
    this.photo += 1;
    const lag = this.mix.lagMs === 0 ? 0 : this.random.below(this.mix.lagMs);
    this.servedFrom.push(max(this.servedFrom[this.photo - 1] ?? 0, this.now + lag));
    this.note('the photo changes to', this.photo);
  }

  /** The photo that every one of Graph's servers has by now. */
  settledPhoto(): number {
    let settled = this.photo;
    while ((this.servedFrom[settled] ?? 0) > this.now) settled -= 1;
    return settled;
  }

  /** A read of the metadata: the etag, as one of Graph's servers has it. */
  look(): number {
    return this.readFromGraph(0);
  }

  /** A read of the bytes, after a look that told `etag`: of that photo, or by now of a later one. */
  fetch(etag: number): number {
    return this.readFromGraph(this.mix.staleBytes ? 0 : etag);
  }

  private readFromGraph(atLeast: number): number {
    if (this.fails()) throw serviceFailure;
    const settled = max(atLeast, this.settledPhoto());
    const served = settled + (settled < this.photo ? this.random.below(this.photo - settled + 1) : 0);
    this.note('  Graph serves', served);
    return served;
  }

  writeToSharePoint(part: Part, photo: number): void {
    const failing = this.fails();
    if (!failing || this.random.chance(0.5)) {
      this.sharePoint[part] = photo;
      this.note('  SharePoint has', part, 'of', photo);
    }
    if (failing) throw serviceFailure;
  }

  /** Compare and set: the new token, or undefined when the row is no longer the one that was read. */
  replaceRow(token: number, changes: Partial<Row>): number | undefined {
    if (token !== this.row.token) {
      this.note('  lost: the row is', this.row.token, 'by now');
      return undefined;
    }
    const replaced = this.setRow(changes);
    return this.losesAnswer() ? undefined : replaced;
  }

  /** Sets what is given, whatever stands there. */
  setRow(changes: Partial<Row>): number {
    const row = { ...this.row, ...changes, token: this.row.token + 1 };
    this.row = row;
    this.note('  row', row.token, row.dirty ? 'dirty' : 'clean', 'applied', row.appliedEtag);
    return row.token;
  }

  replaceLooks(token: number, changes: Partial<Looks>): boolean {
    if (token !== this.looks.token) return false;
    this.looks = { ...this.looks, ...changes, token: token + 1 };
    this.note('  looking since', this.looks.lookingSince, 'next look at', this.looks.nextLookAt);
    return !this.losesAnswer();
  }

  /** A name that no other run has. */
  newRun(): number {
    return ++this.runs;
  }

  send(
    cause: Cause,
    force: boolean,
    delayMs: number,
    { dueAt = 0, lookNumber = 0, isOfSweep = cause === 'sweep' } = {},
  ): void {
    const visibleAt = this.now + delayMs;
    const insertedAt = this.serverSeconds();
    this.queue.push({ cause, isOfSweep, force, dequeueCount: 0, insertedAt, dueAt, lookNumber, visibleAt });
    this.note('  sent:', cause, force ? 'forced, in' : 'in', delayMs, 'ms');
  }

  /** A copy comes after a minute and a random part of another, so that two of them do not meet for ever. */
  sendCopy(force: boolean, { lookNumber, isOfSweep }: Message): void {
    this.send('retry', force, 60_000 + this.random.below(60_000), { lookNumber, isOfSweep });
  }

  /** What a storage server writes into a `Date` header: whole seconds, and no two servers agree exactly. */
  serverSeconds(): number {
    const { skewMs } = this.mix;
    const skew = skewMs === 0 ? 0 : this.random.below(2 * skewMs + 1) - skewMs;
    return floor((this.now + skew) / 1000);
  }

  note(...words: (string | number)[]): void {
    if (this.trace === undefined) return;
    this.trace.push(`${(this.now / 1000).toFixed(1).padStart(7)} s  ${words.join(' ')}`);
  }

  private losesAnswer(): boolean {
    if (this.mix.lostAnswer === 0 || this.calm || !this.random.chance(this.mix.lostAnswer)) return false;
    this.note('  the answer is lost');
    return true;
  }

  private fails(): boolean {
    if (this.mix.failure === 0 || this.calm || !this.random.chance(this.mix.failure)) return false;
    this.note('  the service fails');
    return true;
  }
}
