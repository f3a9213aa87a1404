import { InvalidArgumentError } from 'commander';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** For commander: an Entra object id, in lower case. */
export function objectId(value: string): string {
  if (guid.test(value)) return value.toLowerCase();
  throw new InvalidArgumentError(
    'That is no object id. It is a GUID; the Entra admin center shows it on the page of the user.',
  );
}

/** For commander: a whole number. */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It has to be a whole number.');
}

/** For commander: how many seconds. */
export function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= 0 && number <= 7 * 86_400) return number;
  throw new InvalidArgumentError('It has to be a number of seconds, a week at most.');
}
