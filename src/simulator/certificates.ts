import { generateKeyPair } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';

const DAY = 24 * 60 * 60 * 1_000;
const LEAF_DAYS = 397;
const CA_DAYS = 3_650;

export interface Certificates {
  /** Absolute or as SIM_DATA_DIR was given: what NODE_EXTRA_CA_CERTS takes. */
  caFile: string;
  key: string;
  certificate: string;
}

interface Authority {
  certificate: forge.pki.Certificate;
  key: forge.pki.rsa.PrivateKey;
}

/** forge makes RSA keys in JavaScript, in seconds; Node makes them in milliseconds. */
async function newKeyPair(): Promise<{
  privatePem: string;
  privateKey: forge.pki.rsa.PrivateKey;
  publicKey: forge.pki.rsa.PublicKey;
}> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  const privatePem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const key = forge.pki.privateKeyFromPem(privatePem);
  return { privatePem, privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}

function newCertificate(
  name: string,
  publicKey: forge.pki.rsa.PublicKey,
  days: number,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY);
  certificate.validity.notAfter = new Date(Date.now() + days * DAY);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  return certificate;
}

async function makeAuthority(directory: string): Promise<Authority> {
  const { privatePem, privateKey, publicKey } = await newKeyPair();
  const certificate = newCertificate('Photo Sync local tenant, throwaway CA', publicKey, CA_DAYS);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(privateKey, forge.md.sha256.create());
  await writeFile(join(directory, 'ca-key.pem'), privatePem, { mode: 0o600 });
  await writeFile(join(directory, 'ca.pem'), forge.pki.certificateToPem(certificate));
  return { certificate, key: privateKey };
}

async function openAuthority(directory: string): Promise<Authority> {
  try {
    const certificate = forge.pki.certificateFromPem(await readFile(join(directory, 'ca.pem'), 'utf8'));
    const key = forge.pki.privateKeyFromPem(await readFile(join(directory, 'ca-key.pem'), 'utf8'));
    if (certificate.validity.notAfter.getTime() > Date.now() + LEAF_DAYS * DAY) return { certificate, key };
  } catch {
    // The first start, or a damaged folder: a new authority does no harm, since nobody else trusts it.
  }
  return makeAuthority(directory);
}

/** The CA is kept between runs, so that whoever was told to trust it need not be told again; the leaf is made anew. */
export async function openCertificates(dataDir: string, hostNames: readonly string[]): Promise<Certificates> {
  await mkdir(dataDir, { recursive: true });
  const [authority, leaf] = await Promise.all([openAuthority(dataDir), newKeyPair()]);
  const certificate = newCertificate('localhost', leaf.publicKey, LEAF_DAYS);
  certificate.setIssuer(authority.certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        ...['localhost', ...hostNames].map((value) => ({ type: 2, value })),
        { type: 7, ip: '127.0.0.1' },
        { type: 7, ip: '::1' },
      ],
    },
  ]);
  certificate.sign(authority.key, forge.md.sha256.create());
  return {
    caFile: join(dataDir, 'ca.pem'),
    key: leaf.privatePem,
    certificate: forge.pki.certificateToPem(certificate),
  };
}
