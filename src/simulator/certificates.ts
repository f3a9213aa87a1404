import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAuthority, makeLeaf, type KeyAndCertificate } from './make-certificates';

const DAY = 24 * 60 * 60 * 1_000;
/** One that ends sooner is made anew: the tenant may run for weeks. */
const LEAST_DAYS = 90;

export interface Certificates extends KeyAndCertificate {
  /** Absolute or as SIM_DATA_DIR was given: what NODE_EXTRA_CA_CERTS takes. */
  caFile: string;
}

/**
 * A certificate for localhost and the names given, signed by a CA of this folder's own. Both are kept between runs, so
 * that whoever was told to trust the CA need not be told again; what ends soon or lacks a name is made anew.
 */
export async function openCertificates(dataDir: string, hostNames: readonly string[]): Promise<Certificates> {
  await mkdir(dataDir, { recursive: true });
  const path = (name: string) => join(dataDir, name);

  let authority = await readKept(path('ca-key.pem'), path('ca.pem'), () => true);
  if (authority === undefined) {
    authority = await makeAuthority();
    await keep(authority, path('ca-key.pem'), path('ca.pem'));
  }
  const issuer = new X509Certificate(authority.certificate);
  const serves = (leaf: X509Certificate) =>
    leaf.verify(issuer.publicKey) && hostNames.every((name) => leaf.checkHost(name) !== undefined);
  let leaf = await readKept(path('localhost-key.pem'), path('localhost.pem'), serves);
  if (leaf === undefined) {
    leaf = await makeLeaf(authority, hostNames);
    await keep(leaf, path('localhost-key.pem'), path('localhost.pem'));
  }
  return { ...leaf, caFile: path('ca.pem') };
}

/** @returns undefined at the first start, and for a damaged folder: a new one does no harm, since nobody else trusts it. */
async function readKept(
  keyFile: string,
  certificateFile: string,
  isFit: (certificate: X509Certificate) => boolean,
): Promise<KeyAndCertificate | undefined> {
  try {
    const [key, certificate] = await Promise.all([
      readFile(keyFile, 'utf8'),
      readFile(certificateFile, 'utf8'),
    ]);
    const read = new X509Certificate(certificate);
    const lasts = Date.parse(read.validTo) > Date.now() + LEAST_DAYS * DAY;
    return lasts && read.checkPrivateKey(createPrivateKey(key)) && isFit(read)
      ? { key, certificate }
      : undefined;
  } catch {
    return undefined;
  }
}

async function keep(made: KeyAndCertificate, keyFile: string, certificateFile: string): Promise<void> {
  await writeFile(keyFile, made.key, { mode: 0o600 });
  await writeFile(certificateFile, made.certificate);
}
