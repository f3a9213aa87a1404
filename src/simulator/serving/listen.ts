import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PORT_SETTINGS, type PortName } from '../settings';
import { StartProblem } from '../start-problem';

const LOOPBACK = '127.0.0.1';

/** Longer than the clients' own keep-alive, so that they never write into a closing connection. */
const KEEP_ALIVE_MS = 65_000;

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Serves on loopback, with TLS if given. A port that is taken is named together with the setting that moves it. */
export async function listen(
  name: PortName,
  port: number,
  listener: RequestListener,
  tls?: { key: string; certificate: string },
): Promise<Listening> {
  const server: Server =
    tls === undefined ? createHttp(listener) : createHttps({ key: tls.key, cert: tls.certificate }, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        taken
          ? new StartProblem(
              `Port ${String(port)} is in use. Set ${PORT_SETTINGS[name]} to another port, or 0 for any free one.`,
            )
          : error,
      );
    });
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
