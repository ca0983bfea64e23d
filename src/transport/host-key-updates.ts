import type { Client } from 'ssh2';

type GlobalRequest = (protocol: Protocol, name: string, wantReply: boolean, data: unknown) => void;
interface Protocol {
  readonly _handlers?: { GLOBAL_REQUEST?: GlobalRequest };
  requestFailure(): void;
}

/**
 * Prevents ssh2 from acting on OpenSSH's `hostkeys-00@openssh.com`: for each connection it makes the host sign with
 * every host key and verifies that, a fifth of a connection's CPU, for an event without listeners, and a host key of a
 * type that it can't parse would end the connection.
 *
 * Instead we send the smallest packet that provokes no reply, although none was requested: sshd has Nagle's algorithm
 * on until the first session starts, and holds back its answer to our opening of that session until this message is
 * acknowledged, which the kernel would delay by 45 ms. sshd takes the packet for the answer to a keepalive, and only
 * sshd sends this message.
 *
 * ssh2 1.17 has no option for this; if its internals are not as expected, nothing is changed. Call it after connect().
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
