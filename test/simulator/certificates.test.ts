import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCertificates } from '../../src/simulator/certificates';
import { newTenantFolder } from '../support/tenant-folder';

describe('the local tenant’s certificate', () => {
  const names = ['graph.microsoft.com', 'contoso.sharepoint.com'];
  let folder: string;

  beforeEach(async () => {
    folder = await newTenantFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const authorityNow = async () => new X509Certificate(await readFile(join(folder, 'ca.pem'), 'utf8'));

  it('is kept while it serves all names, and is signed by the kept CA', async () => {
    const first = await openCertificates(folder, names);
    expect(await openCertificates(folder, names.slice(1))).toEqual(first);
    const certificate = new X509Certificate(first.certificate);
    expect(certificate.verify((await authorityNow()).publicKey)).toBe(true);
    expect(names.map((name) => certificate.checkHost(name))).toEqual(names);
  });

  it('is made anew for another name, by the same CA', async () => {
    const { fingerprint } = await authorityNow();
    const { certificate } = await openCertificates(folder, [...names, 'contoso-my.example.com']);
    expect(new X509Certificate(certificate).checkHost('contoso-my.example.com')).toBeDefined();
    expect((await authorityNow()).fingerprint).toBe(fingerprint);
  });

  it.each(['localhost.pem', 'localhost-key.pem', 'ca.pem', 'ca-key.pem'])(
    'is made anew when %s is damaged',
    async (name) => {
      const before = await openCertificates(folder, names);
      await writeFile(join(folder, name), 'not what was here');
      const { certificate } = await openCertificates(folder, names);
      expect(certificate).not.toBe(before.certificate);
      expect(new X509Certificate(certificate).verify((await authorityNow()).publicKey)).toBe(true);
    },
  );
});
