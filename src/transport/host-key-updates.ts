import type { Client } from 'ssh2';

type GlobalRequest = (protocol: Protocol, name: string, wantReply: boolean, data: unknown) => void;
interface Protocol {
  readonly _handlers?: { GLOBAL_REQUEST?: GlobalRequest };
  requestFailure(): void;
}

/**
 * Keeps ssh2 from acting on OpenSSH's `hostkeys-00@openssh.com`: for each connection it has the host sign with
 * every host key and verifies that, a fifth of a connection's CPU, for an event that nobody listens to, and
 * a host key of a type it can't parse would end the connection.
 *
 * Instead we send the smallest packet that provokes no reply, although none was asked for: sshd has Nagle's
 * algorithm on until the first session starts, and holds back its answer to our opening of that session until
 * this message is acknowledged, which the kernel would delay by 45 ms. sshd takes the packet for the answer to
 * a keepalive, and it alone sends this message.
 *
 * ssh2 1.17 has no option for this; where its insides are others than expected, nothing is changed. To be
 * called after connect().
 */
export function ignoreHostKeyUpdates(client: Client): void {
  const handlers = (client as unknown as { _protocol?: Protocol })._protocol?._handlers;
  const answer = handlers?.GLOBAL_REQUEST;
  if (!handlers || !answer) return;
  handlers.GLOBAL_REQUEST = (protocol, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com') answer(protocol, name, wantReply, data);
    else protocol.requestFailure();
  };
}
