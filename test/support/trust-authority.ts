import tls from 'node:tls';

/**
 * Has this process trust a CA from now on: for a simulator in the same process, since NODE_EXTRA_CA_CERTS is read only
 * when Node starts.
 * @returns what ends it.
 */
export function trustAuthority(ca: string): () => void {
  const connect = tls.connect.bind(tls) as (
    options: tls.ConnectionOptions,
    ...rest: never[]
  ) => tls.TLSSocket;
  const spy = jest
    .spyOn(tls, 'connect')
    .mockImplementation(((options: tls.ConnectionOptions, ...rest: never[]) =>
      connect({ ...options, ca }, ...rest)) as typeof tls.connect);
  return () => {
    spy.mockRestore();
  };
}
