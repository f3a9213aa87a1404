import { mkdir } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { resolve } from 'node:path';
import { assembleTenant } from './assemble-tenant';
import type { Service, ServiceRole } from './books';
import { openCertificates } from './certificates';
import { controlListener } from './control/control-listener';
import { drawAhead, LOCAL_TENANT_ID, openTenantState } from './open-tenant';
import { BlobFolder } from './pictures/blob-folder';
import { DrawingFolder } from './pictures/drawing-folder';
import { Pictures } from './pictures/picture-store';
import { listen, type Listening } from './serving/listen';
import { serviceListener } from './serving/service-listener';
import type { PortName, SimulatorSettings } from './settings';
import { StateKeeper } from './tenant-state';
import { TokenAuthority } from './tokens';

export interface Simulator {
  pageUrl: string;
  graphUrl: string;
  rootUrl: string;
  mySiteUrl: string;
  adminUrl: string;
  /** A further geo, where there is one. */
  geo: { mySiteUrl: string; adminUrl: string } | undefined;
  identityUrl: string;
  /** The CA to trust: for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** Tests sign tokens of their own with it. */
  tokens: TokenAuthority;
  stop(): Promise<void>;
}

/** Starts the whole tenant. Throws a `StartProblem`, for one when a port is taken; nothing stays open then. */
export async function startSimulator(settings: SimulatorSettings): Promise<Simulator> {
  const { dataDir, ports, hosts } = settings;
  await mkdir(dataDir, { recursive: true });
  const pictures = new Pictures(await BlobFolder.open(dataDir), await DrawingFolder.open(dataDir));
  const [state, certificates, tokens] = await Promise.all([
    openTenantState(settings, pictures),
    openCertificates(dataDir, Object.values(hosts)),
    TokenAuthority.open(dataDir, LOCAL_TENANT_ID),
  ]);
  const keeper = new StateKeeper(dataDir, state);
  const tenant = assembleTenant(settings, state, pictures, tokens, keeper.changed);
  const { books, origins, clock, faults, requests } = tenant;
  const open: Listening[] = [];
  let stopped = false;

  async function stop(): Promise<void> {
    stopped = true;
    tenant.notifier.stop();
    tenant.expiryWarnings.stop();
    await Promise.all(open.map((listening) => listening.close()));
    await keeper.save();
  }

  async function serve(
    name: PortName,
    listener: RequestListener,
    tls?: typeof certificates,
  ): Promise<number> {
    const listening = await listen(name, ports[name], listener, tls);
    open.push(listening);
    return listening.port;
  }

  async function serveRole(role: ServiceRole, service: Service): Promise<string> {
    const parts = { tenantId: books.tenantId, clock, origins, tokens, faults, requests };
    const listener = serviceListener(role, service, parts);
    const plain = role === 'identity';
    const port = String(await serve(role, listener, plain ? undefined : certificates));
    const origin = plain ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    origins.set(role, origin);
    return origin;
  }

  try {
    const graphUrl = await serveRole('graph', tenant.graph);
    const rootUrl = await serveRole('root', tenant.sharePoint);
    const mySiteUrl = await serveRole('mysite', tenant.sharePoint);
    const adminUrl = await serveRole('admin', tenant.sharePoint);
    const geo = books.geo && {
      mySiteUrl: await serveRole('geo-mysite', tenant.sharePoint),
      adminUrl: await serveRole('geo-admin', tenant.sharePoint),
    };
    const identityUrl = await serveRole('identity', tenant.identity);
    let pagePort = 0;
    pagePort = await serve(
      'page',
      controlListener(tenant, () => pagePort),
    );
    await keeper.save();
    if (settings.drawsAhead) void drawAhead(books, pictures, () => stopped);
    return {
      pageUrl: `http://localhost:${String(pagePort)}`,
      graphUrl,
      rootUrl,
      mySiteUrl,
      adminUrl,
      geo,
      identityUrl,
      caFile: resolve(certificates.caFile),
      tokens,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
