import { ServiceFailure } from '../errors';

/** HTTP status of a Storage SDK error; undefined for a network error and anything else. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/**
 * The SDK's errors carry the request with its headers, so they are not passed on: what they say is kept, in our words.
 * @param doing what was being done, like `reading the person's row`.
 */
export function storageFailure(doing: string, error: unknown): ServiceFailure {
  const status = statusOf(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const name = error instanceof Error ? error.name : typeof error;
  const detail = status === undefined ? (code ?? name) : `${String(status)} ${code ?? ''}`.trim();
  const advice =
    status === 403 || status === 401
      ? ' Give the app\'s identity the roles "Storage Queue Data Contributor" and "Storage Table Data Contributor" on the state storage.'
      : '';
  return new ServiceFailure('storage', `Azure Storage failed while ${doing}: ${detail}.${advice}`, {
    status,
  });
}

/**
 * Runs `action`; where the table or queue does not exist yet, makes it and runs `action` once more. The templates
 * create them, so in Azure this costs nothing and mends one that was deleted by hand.
 */
export async function createdWhenMissing<T>(
  create: () => Promise<unknown>,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!isMissingContainer(code, error)) throw error;
    await create();
    return await action();
  }
}

function isMissingContainer(code: unknown, error: unknown): boolean {
  if (code === 'QueueNotFound' || code === 'TableNotFound') return true;
  // The table SDK leaves `code` empty and keeps the service's answer in `details`.
  const details = error instanceof Error && 'details' in error ? error.details : undefined;
  // Where there was no answer at all, there are none.
  return JSON.stringify(details ?? '').includes('TableNotFound');
}
