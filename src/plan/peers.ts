import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { type HostPlan, tunnelEndsOf } from './host-plan.ts';
import { type HostPlanning, planHost } from './plan-host.ts';
import type { KnownHost, PlannedHost } from './plan-hosts.ts';

/** Why an unselected host matters: its tunnels to selected hosts. */
export interface PeerNeed {
  readonly host: string;
  /**
   * `change`: its ends of these tunnels need a change. `impossible`: they do, and the steps that make tunnels alone
   * can't do it. `unknown`: that is unknown.
   */
  readonly answer: 'change' | 'impossible' | 'unknown';
  /** By step, the selected hosts at the other ends of the tunnels that need a change. */
  readonly tunnels: readonly {
    readonly step: { readonly index: number; readonly name: string };
    readonly to: readonly string[];
  }[];
  /** Why it is unknown or impossible, a clause each. */
  readonly reasons: readonly string[];
  /** It is unreachable. */
  readonly unreachable?: true;
}

/** A peer with its changes; `need` is undefined if they don't affect the selected hosts. */
export interface PlannedPeer<H extends KnownHost = KnownHost> {
  readonly peer: H & PlannedHost;
  readonly need?: PeerNeed;
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans the tunnel ends of the selected hosts' peers, and tells which peers are needed. Pure. */
export function planPeers<H extends KnownHost>(
  peers: readonly H[],
  chosen: ReadonlySet<string>,
): PlannedPeer<H>[] {
  return peers.map((peer) => {
    const { plan, diagnostics, failure } = planned(peer);
    if (failure !== undefined) {
      const need = { host: plan.host, answer: 'unknown', tunnels: [], reasons: [failure] } as const;
      return { peer: { ...peer, plan }, need, diagnostics };
    }
    const tunnels = tunnelsTo(plan, chosen);
    const impossible = [...diagnostics.map(({ message }) => message), ...renumbered(peer, chosen)];
    const unknowns = plan.steps.flatMap((step) => step.unknowns);
    const need = (answer: PeerNeed['answer'], reasons: readonly string[]) => ({
      peer: { ...peer, plan },
      need: { host: plan.host, answer, tunnels, reasons },
      diagnostics,
    });
    if (impossible.length > 0) return need('impossible', impossible);
    if (tunnels.length > 0) return need('change', []);
    if (unknowns.length > 0) return need('unknown', unknowns);
    return { peer: { ...peer, plan }, diagnostics };
  });
}

/**
 * Addresses of overlays that the peer still has and the selected hosts no longer expect: its bridge's step is left
 * out.
 */
function renumbered({ resolved, facts }: KnownHost, chosen: ReadonlySet<string>): string[] {
  const links = facts.find(interfacesFact);
  if (links === undefined) return [];
  const has = links.flatMap(({ addresses }) => addresses);
  return [...resolved.overlays.values()].flatMap(({ name, peers, replaced = [], bridgeAddress }) => {
    const old = replaced.find((address) => has.some((one) => one.startsWith(`${address}/`)));
    if (old === undefined || has.includes(bridgeAddress)) return [];
    if (!peers.some(({ host }) => chosen.has(host))) return [];
    return [`overlay '${name}' gives it ${bridgeAddress}, and it still has ${old}`];
  });
}

/** An error caused by one peer's facts must not make the others unknown. */
function planned({ resolved, facts }: KnownHost): Omit<HostPlanning, 'predicted'> & { failure?: string } {
  try {
    return planHost(resolved, facts);
  } catch (error) {
    const plan = { host: resolved.host.name, steps: [] };
    return { plan, diagnostics: [], failure: `its facts can't be planned with: ${(error as Error).message}` };
  }
}

function tunnelsTo({ steps }: HostPlan, chosen: ReadonlySet<string>): PeerNeed['tunnels'] {
  return steps.flatMap(({ index, name, changes }) => {
    // A port may get another peer when hosts are renamed.
    const peers = tunnelEndsOf(changes).flatMap(({ before, after }) => [
      ...new Set([before, after].flatMap((end) => end?.peer ?? [])),
    ]);
    const to = peers.filter((peer) => chosen.has(peer));
    return to.length === 0 ? [] : [{ step: { index, name }, to }];
  });
}
