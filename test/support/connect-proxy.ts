import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  /** For HTTPS_PROXY. */
  url: string;
  /** Every host that was asked for, in order; those not in the table were refused. */
  asked: string[];
  close(): Promise<void>;
}

/**
 * An HTTP proxy for CONNECT alone that leads real host names to local ports, so that a program which only knows
 * `contoso.sharepoint.com` reaches the local tenant behind TLS. `portsByHost`: host name without a port, lower case.
 * Any other host is refused: nothing leaves the machine.
 */
export async function startConnectProxy(portsByHost: ReadonlyMap<string, number>): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };

  const server: Server = createServer((_request, response) => {
    response.writeHead(405).end();
  });
  server.on('connection', keep);
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const host = (request.url ?? '').toLowerCase();
    asked.push(host);
    const port = portsByHost.get(host.replace(/:443$/, ''));
    if (port === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    keep(upstream);
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
