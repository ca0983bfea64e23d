import type { PeerNeed } from '../../plan/peers.ts';
import { groupBy } from '../text/group.ts';
import { count, hostNames } from '../text/host-names.ts';

export interface PeerLine {
  readonly sign: '!' | '?';
  /** Not escaped, except the names of hosts. */
  readonly text: string;
}

/** Hosts outside the selection that need a change as well, and why; peers with the same reason together. */
export function peerLines(peers: readonly PeerNeed[]): PeerLine[] {
  return groupBy(peers, ({ host: _, ...need }) => JSON.stringify(need)).map((same) => {
    const [need] = same;
    const hosts = hostNames(same.map(({ host }) => host));
    return { sign: need.answer === 'unknown' ? '?' : '!', text: `${hosts}: ${peerReason(need)}` };
  });
}

/** Why one peer is named. */
export function peerReason({ answer, tunnels, reasons }: PeerNeed): string {
  if (answer === 'unknown') return `not known: ${reasons.join('; ')}`;
  const ends = tunnels.map(
    ({ step, to }) => `${count(to.length, 'tunnel')} to ${hostNames(to)} (${step.index + 1}. ${step.name})`,
  );
  if (answer === 'change') return ends.join(', ');
  return `${[...ends, 'more than its tunnels must change first'].join(', ')}: ${reasons.join('; ')}`;
}
