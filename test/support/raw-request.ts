import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** Opens a connection and sends these bytes as they are: what no HTTP client would send. */
export async function openRaw(url: string, bytes: string | Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(bytes);
  return socket;
}

/** Sends these bytes and returns everything that comes back until the other side hangs up. */
export async function sendRaw(
  url: string,
  bytes: string | Buffer,
): Promise<{ status: number; text: string }> {
  const socket = await openRaw(url, bytes);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('latin1');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}
