import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { type BridgeParams, type DockerParams, overlaysOn, type Use, usesOf } from './use.ts';

/** MTUs on an overlay that are larger than what fits into its tunnels, or that differ between hosts. */
export function mtuLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const first = new Map<string, { mtu: number; host: string }>();
  for (const host of hosts) {
    for (const use of bridgesWithMtu(host)) {
      for (const { name, mtu } of overlaysOn(host, use.params.bridge)) {
        const own = use.params.mtu;
        if (own === undefined || own > mtu) {
          found.push(tooLarge(use, name, mtu));
          continue;
        }
        const key = `${name}\0${use.kind}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, { mtu: own, host: host.host.name });
        else if (other.mtu !== own) found.push(differs(use, name, other));
      }
    }
  }
  return found;
}

interface WithMtu {
  readonly bridge: string;
  readonly mtu?: number | undefined;
}

interface KindUse extends Use<WithMtu> {
  readonly kind: string;
}

/** A bridge's own MTU follows the overlay's unless it is written; Docker's doesn't. */
function bridgesWithMtu(host: ResolvedHost): KindUse[] {
  const docker = usesOf<DockerParams>(host, 'docker_daemon').flatMap((use) =>
    use.params.bridge === undefined
      ? []
      : [{ ...use, kind: 'docker_daemon', params: { bridge: use.params.bridge, mtu: use.params.mtu } }],
  );
  const bridges = usesOf<BridgeParams>(host, 'linux_bridge').flatMap((use) =>
    use.params.mtu === undefined
      ? []
      : [{ ...use, kind: 'linux_bridge', params: { bridge: use.params.name, mtu: use.params.mtu } }],
  );
  return [...docker, ...bridges];
}

function tooLarge({ params, at }: KindUse, overlay: string, mtu: number): Diagnostic {
  const hint = `write mtu: "{{ overlay.${overlay}.mtu }}"; larger packets are lost in the tunnels while small ones pass`;
  return params.mtu === undefined
    ? warning(
        'mtu-above-overlay',
        `Docker's default MTU for containers is 1500, and overlay '${overlay}' carries ${mtu}`,
        at('bridge'),
        hint,
      )
    : error(
        'mtu-above-overlay',
        `the MTU ${params.mtu} is more than the ${mtu} that overlay '${overlay}' carries`,
        at('mtu'),
        hint,
      );
}

function differs(
  { host, params, at }: KindUse,
  overlay: string,
  other: { mtu: number; host: string },
): Diagnostic {
  return {
    ...warning(
      'mtu-differs',
      `the MTU is ${params.mtu}, and ${other.mtu} on '${other.host}', both on overlay '${overlay}'`,
      at('mtu'),
      'give all hosts of an overlay the same MTU: the sender is not told that a packet was too large for the receiver',
    ),
    hosts: [host.host.name],
  };
}
