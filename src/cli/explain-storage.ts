import { InvalidSettings, ServiceFailure } from '../errors';
import { notReached, wrongUse, type Problem } from './problem';

/**
 * What an admin can do where the state storage does not answer as it should.
 * @param error what storage/storage-failure.ts makes of the SDK's: its advice is for the app, and this one for the admin.
 * @returns undefined for anything else.
 */
export function explainStorage(error: unknown, storageName: string): Problem | undefined {
  if (error instanceof InvalidSettings) return wrongUse(error.message);
  if (!(error instanceof ServiceFailure) || error.service !== 'storage') return undefined;
  const { status, message } = error;
  const where = `the state storage (${storageName})`;
  if (status === 403 && /AuthorizationFailure/.test(message)) {
    return notReached(
      `The network rules of ${where} do not let this machine in: run the tool from a network that they allow, or add this machine's address.`,
    );
  }
  if (status === 401 || status === 403) {
    const role = /\bqueue\b/.test(message)
      ? 'Storage Queue Data Contributor'
      : 'Storage Table Data Contributor';
    return notReached(
      `You may not use ${where}: give yourself the role "${role}" on it (being its Owner does not include it), wait a few minutes, and try again. If you have the role, you may be signed in to another tenant ("az account show" tells), or the storage's network rules may not let this machine in.`,
    );
  }
  if (/ENOTFOUND|EAI_AGAIN|REQUEST_SEND_ERROR/.test(message)) {
    return notReached(
      `There is no such storage account, or this machine can't reach it: ${where}. "azd env get-values" shows its name.`,
    );
  }
  return notReached(`${message} It may be well again in a moment: try again.`);
}
