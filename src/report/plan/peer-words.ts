import type { PeerNeed } from '../../plan/peers.ts';
import { groupBy } from '../text/group.ts';
import { count, hostNames } from '../text/host-names.ts';

export interface PeerLine {
  readonly sign: '!' | '?';
  /** Not escaped, but for hosts' names. */
  readonly text: string;
}

/** Who of the hosts that weren't chosen would also change, and why; peers that have it in common together. */
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
