import { exitCodes } from '../../diagnostics/errors.ts';
import type { PeerNeed } from '../../plan/peers.ts';
import type { Io } from '../output/io.ts';

/**
 * Says what is not done because of peers, and returns the exit code; undefined if they are no obstacle. With
 * `skipUnreachable`, unreachable peers are none.
 */
export function refusePeers(
  peers: readonly PeerNeed[],
  undone: 'Nothing was changed anywhere' | 'The plan was not saved',
  { skipUnreachable = false }: { readonly skipUnreachable?: boolean },
  io: Io,
): number | undefined {
  const asked = peers.filter(({ unreachable }) => !unreachable);
  if (asked.some(({ answer }) => answer === 'impossible')) {
    io.err(
      `${undone}, because peers of the selected hosts must also change, and more than their tunnels. Select them with --limit as well; --allow-one-sided goes on without them.\n`,
    );
    return exitCodes.invalid;
  }
  if (asked.length > 0) {
    io.err(
      `${undone}, because peers of the selected hosts would also change. --include-peers includes them, --allow-one-sided goes on without them.\n`,
    );
    return exitCodes.invalid;
  }
  if (peers.length === 0 || skipUnreachable) return undefined;
  io.err(
    `${undone}, because a peer of the selected hosts is unreachable. apply --skip-unreachable goes on without it, --allow-one-sided ignores peers.\n`,
  );
  return exitCodes.unreachable;
}
