import { type Message, type Part, type Row, ServiceFailure, type World } from './world';

/** The rules of the protocol. Each can be switched off, to see that it is needed. */
export interface Rules {
  /** SharePoint is written under a claim: marked dirty first, checked before each request, closed by comparison. */
  claim: boolean;
  /** A message that may have left something behind is carried out, whatever the row says. */
  force: boolean;
  /** A copy says so when its original was redelivered, forced, or had claimed the row. */
  forceOfCopy: boolean;
  /** Nothing is skipped on `lookStartedAt` for a redelivered or forced message, or over a dirty row. */
  guardedSkip: boolean;
  /** A redelivered or forced message does not leave its look to a delayed one. */
  guardedCoalescing: boolean;
  /** A delayed look is left out only for a look that began after it was due. */
  guardedDelayedLook: boolean;
  /** A worker knows its own note, though the answer that it was written was lost. */
  ownNote: boolean;
  /** A delayed look is noted, for others to count on, only when its message has been sent. */
  noteAfterSending: boolean;
  /** The etag is read again after writing. */
  lookAgain: boolean;
  /** Poison leaves the row dirty. */
  poisonMarksDirty: boolean;
  /** What a sweep sent ends when it fails, and leaves the row dirty where its copy would be forced. */
  endMarksDirty: boolean;
  /** A look after a notification that found nothing changed brings others, minutes later. */
  secondLooks: boolean;
}

export const allRules: Rules = {
  claim: true,
  force: true,
  forceOfCopy: true,
  guardedSkip: true,
  guardedCoalescing: true,
  guardedDelayedLook: true,
  ownNote: true,
  noteAfterSending: true,
  lookAgain: true,
  poisonMarksDirty: true,
  endMarksDirty: true,
  secondLooks: true,
};

const marginSeconds = 2;
const claimMs = 120_000;
const roundLimit = 4;
/** From the first look on. */
const secondLookSeconds = [120, 900];

/** A worker's run: it names what it does next, and whatever else happens, happens before it goes on. */
export type Run<Result = void> = Generator<string, Result, undefined>;

interface Standing {
  readonly message: Message;
  /** Redelivered or told so by the message, whatever the rules make of it. */
  readonly suspect: boolean;
  forced: boolean;
  claimed: boolean;
}

/** Carries out one message, step by step as the worker does. */
export function* applyPhoto(world: World, message: Message, rules: Rules): Run {
  const suspect = message.dequeueCount > 1 || message.force;
  const standing: Standing = { message, suspect, forced: suspect && rules.force, claimed: false };
  try {
    if (message.cause === 'notification') {
      if (yield* lookedSince(world, message, standing, rules)) return;
      if (yield* leftToAnother(world, message, standing, rules)) return;
    }
    if (message.cause === 'sweep' && (yield* lookedSince(world, message, standing, rules))) return;
    const isLater = message.cause === 'delayed-look' || message.cause === 'second-look';
    if (isLater && !suspect && (yield* lookedByAnother(world, message, rules))) return;
    yield* settle(world, standing, rules);
  } catch (problem) {
    if (!(problem instanceof ServiceFailure)) throw problem;
    yield* comeBack(world, message, suspect || standing.forced || standing.claimed, rules);
  }
}

/** Here what a sweep sent has no second try: so it ends where most is left to the next sweep. */
function* comeBack(world: World, message: Message, isUnfinished: boolean, rules: Rules): Run {
  if (message.isOfSweep) {
    yield 'leaves it to a sweep';
    if (isUnfinished && rules.endMarksDirty) world.setRow({ dirty: true });
    return;
  }
  yield 'sends a copy';
  world.sendCopy(rules.forceOfCopy && isUnfinished, message);
}

/** Whether a look that began after the message was inserted has already settled this person. */
function* lookedSince(world: World, message: Message, { suspect }: Standing, rules: Rules): Run<boolean> {
  if (suspect && rules.guardedSkip) return false;
  yield 'reads the row, to skip';
  const { row } = world;
  return (!row.dirty || !rules.guardedSkip) && row.lookStartedAt > message.insertedAt + marginSeconds;
}

/** Whether a delayed message looks for this one as well; sends it when there is none. */
function* leftToAnother(world: World, message: Message, { suspect }: Standing, rules: Rules): Run<boolean> {
  if (suspect && rules.guardedCoalescing) return false;
  const { coalesceSeconds } = world.mix;
  const me = world.newRun();
  for (;;) {
    yield 'reads the looks';
    const { looks } = world;
    if (rules.ownNote && looks.lookingBy === me) return false;
    const now = world.serverSeconds();
    if (now - looks.lookingSince >= coalesceSeconds) {
      yield 'notes that it looks';
      if (world.replaceLooks(looks.token, { lookingSince: now, lookingBy: me })) return false;
      continue;
    }
    if (looks.nextLookAt > message.insertedAt + marginSeconds) return true;
    // Later than the message by any clock.
    const dueAt = Math.max(now + coalesceSeconds, message.insertedAt + marginSeconds);
    const noted = { nextLookAt: dueAt };
    if (!rules.noteAfterSending) {
      yield 'notes the next look';
      if (!world.replaceLooks(looks.token, noted)) continue;
    }
    yield 'sends a delayed look';
    world.send('delayed-look', false, (dueAt - now) * 1000, { dueAt });
    if (rules.noteAfterSending) {
      // Lost or not: the message that was sent looks for this one.
      yield 'notes the next look';
      world.replaceLooks(looks.token, noted);
    }
    return true;
  }
}

/** Whether somebody has begun to look since this delayed or second look was due. */
function* lookedByAnother(world: World, message: Message, rules: Rules): Run<boolean> {
  const dueAt = rules.guardedDelayedLook ? message.dueAt : message.insertedAt;
  const me = world.newRun();
  for (;;) {
    yield 'reads the looks';
    const { looks } = world;
    if (rules.ownNote && looks.lookingBy === me) return false;
    if (looks.lookingSince >= dueAt) return true;
    const now = world.serverSeconds();
    yield 'notes that it looks';
    if (world.replaceLooks(looks.token, { lookingSince: now, lookingBy: me })) return false;
  }
}

function* settle(world: World, standing: Standing, rules: Rules): Run {
  for (let round = 1; round <= roundLimit; round++) {
    yield 'reads the row';
    const { row } = world;
    const lookStartedAt = world.serverSeconds();
    yield 'looks';
    const etag = world.look();
    if (!standing.forced && !row.dirty && etag === row.appliedEtag) {
      if (rules.secondLooks) yield* lookSecondTime(world, standing.message, lookStartedAt);
      yield 'remembers the look';
      world.replaceRow(row.token, { lookStartedAt });
      return;
    }

    yield 'fetches S';
    const small = world.fetch(etag);
    yield 'fetches M';
    const medium = world.fetch(etag);
    yield 'fetches L';
    const large = world.fetch(etag);

    let token: number | undefined = row.token;
    if (rules.claim) {
      yield 'claims';
      token = world.replaceRow(row.token, { dirty: true });
      if (token === undefined) continue;
    }
    standing.claimed = true;

    const pictures = { S: small, M: medium, L: large, properties: etag };
    const settled = { dirty: false, appliedEtag: etag, lookStartedAt };
    if ((yield* write(world, token, pictures, rules)) && (yield* close(world, token, settled, rules))) return;
    standing.forced = rules.force;
  }
  yield* comeBack(world, standing.message, true, rules);
}

/** @param now of the table server, before the look. */
function* lookSecondTime(world: World, { cause, lookNumber, dueAt: ownDueAt }: Message, now: number): Run {
  const seconds = secondLookSeconds[lookNumber];
  if (cause === 'sweep' || seconds === undefined) return;
  const firstLookAt = cause === 'second-look' ? ownDueAt - (secondLookSeconds[lookNumber - 1] ?? 0) : now;
  const dueAt = Math.max(firstLookAt + seconds, now + 1);
  yield 'reads the looks';
  const { looks } = world;
  if (looks.secondLookAt > dueAt) return;
  yield 'sends a second look';
  world.send('second-look', false, (dueAt - now) * 1000, { dueAt, lookNumber: lookNumber + 1 });
  yield 'notes the second look';
  world.replaceLooks(looks.token, { secondLookAt: dueAt });
}

/** Writes part by part for as long as the claim holds; says whether it held. */
function* write(world: World, token: number, pictures: Record<Part, number>, rules: Rules): Run<boolean> {
  const claimedAt = world.now;
  for (const part of ['S', 'M', 'L', 'properties'] as const) {
    if (rules.claim) {
      yield 'checks its claim';
      if (world.row.token !== token || world.now - claimedAt > claimMs) return false;
    }
    yield 'writes';
    world.writeToSharePoint(part, pictures[part]);
  }
  return true;
}

function* close(world: World, token: number, settled: Omit<Row, 'token'>, rules: Rules): Run<boolean> {
  if (rules.lookAgain) {
    yield 'looks again';
    if (world.look() !== settled.appliedEtag) return false;
  }
  yield 'closes';
  // Without a claim there is nothing to compare with: the row records afterwards what was done.
  return (rules.claim ? world.replaceRow(token, settled) : world.setRow(settled)) !== undefined;
}
