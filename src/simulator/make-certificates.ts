import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

const DAY = 24 * 60 * 60 * 1_000;
const LEAF_DAYS = 397;
const CA_DAYS = 3_650;

/** Both as PEM. */
export interface KeyAndCertificate {
  key: string;
  certificate: string;
}

/** forge makes RSA keys in JavaScript, in seconds; Node makes them in milliseconds. */
async function newKeyPair() {
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

export async function makeAuthority(): Promise<KeyAndCertificate> {
  const { privatePem, privateKey, publicKey } = await newKeyPair();
  const certificate = newCertificate('Photo Sync local tenant, throwaway CA', publicKey, CA_DAYS);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(privateKey, forge.md.sha256.create());
  return { key: privatePem, certificate: forge.pki.certificateToPem(certificate) };
}

/** A certificate for this machine's own names and those given. */
export async function makeLeaf(
  authority: KeyAndCertificate,
  hostNames: readonly string[],
): Promise<KeyAndCertificate> {
  const { privatePem, publicKey } = await newKeyPair();
  const certificate = newCertificate('localhost', publicKey, LEAF_DAYS);
  certificate.setIssuer(forge.pki.certificateFromPem(authority.certificate).subject.attributes);
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
  certificate.sign(forge.pki.privateKeyFromPem(authority.key), forge.md.sha256.create());
  return { key: privatePem, certificate: forge.pki.certificateToPem(certificate) };
}
