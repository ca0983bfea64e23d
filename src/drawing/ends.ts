import { kinds } from '../kinds/registry.ts';
import { changesOf, type HostPlan, tunnelEndsOf } from '../plan/host-plan.ts';

/** What a plan does to a tunnel at one end. `absent`: it isn't there, before or after. */
export type LinkState = 'unchanged' | 'create' | 'update' | 'delete' | 'unknown' | 'absent';

/** A tunnel port of ours that a plan changes, as seen from its host. */
export interface End {
  readonly peer: string;
  readonly overlay: string;
  readonly port: string;
  readonly state: 'create' | 'update' | 'delete';
}

export interface Ends {
  readonly ports: readonly End[];
  /** Whether the plan covers every tunnel of the host. */
  readonly known: boolean;
  find(peer: string, overlay: string): End | undefined;
}

/** The tunnel ports that a host's plan changes: those with our tags, before or after. */
export function endsOf(plan: HostPlan): Ends {
  const ports = tunnelEndsOf(changesOf(plan)).flatMap(({ port, state, before, after }): End[] => {
    const tunnel = state === 'delete' ? before : after;
    return tunnel === undefined ? [] : [{ ...tunnel, port, state }];
  });
  const byPeer = new Map(ports.map((end) => [keyOf(end.peer, end.overlay), end]));
  const tunnels = plan.steps.filter(({ kind }) => kinds.get(kind)?.wires);
  return {
    ports,
    known: tunnels.length > 0 && tunnels.every(({ unknowns }) => unknowns.length === 0),
    find: (peer, overlay) => byPeer.get(keyOf(peer, overlay)),
  };
}

function keyOf(peer: string, overlay: string): string {
  return JSON.stringify([peer, overlay]);
}
