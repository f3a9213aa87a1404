import { randomUUID } from 'node:crypto';
import type { Books, Person, PersonKind, PictureStore } from '../books';
import { createPerson, guidOf } from './create-person';
import { kindsFor } from './person-kinds';
import { settleInSharePoint } from './sharepoint-state';

const TOGETHER = 50;

async function settleAll(books: Books, pictures: PictureStore, people: readonly Person[]): Promise<void> {
  for (let start = 0; start < people.length; start += TOGETHER) {
    const some = people.slice(start, start + TOGETHER);
    // Two whose native files collide must come one after the other: the later one's picture stays.
    const [first, second] = [
      some.filter((one) => one.kind !== 'underscored'),
      some.filter((one) => one.kind === 'underscored'),
    ];
    await Promise.all(first.map((person) => settleInSharePoint(books, pictures, person)));
    await Promise.all(second.map((person) => settleInSharePoint(books, pictures, person)));
  }
}

function takenNames(books: Books): Set<string> {
  return new Set([...books.people.values()].map((person) => person.userPrincipalName.toLowerCase()));
}

function createAll(
  books: Books,
  kinds: readonly PersonKind[],
  idOf: (number: number) => string,
  now: number,
): Person[] {
  const taken = takenNames(books);
  const start = books.people.size;
  return kinds.map((kind, index) => {
    const number = start + index;
    const person = createPerson(kind, number, idOf(number), (name) => taken.has(name.toLowerCase()), now);
    taken.add(person.userPrincipalName.toLowerCase());
    books.people.set(person.id, person);
    return person;
  });
}

/** Fills new books. Same count, same people, ids and pictures. */
export async function populate(
  books: Books,
  pictures: PictureStore,
  count: number,
  now: number,
): Promise<void> {
  const people = createAll(
    books,
    kindsFor(count),
    (number) => guidOf(`person ${String(number)} of contoso`),
    now,
  );
  await settleAll(books, pictures, people);
}

/** Adds people of one kind to a tenant at work. */
export async function addPeople(
  books: Books,
  pictures: PictureStore,
  count: number,
  kind: PersonKind,
  now: number,
): Promise<Person[]> {
  const people = createAll(books, Array<PersonKind>(count).fill(kind), () => randomUUID(), now);
  await settleAll(books, pictures, people);
  return people;
}
