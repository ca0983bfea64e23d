import type { Facts } from '../facts/fact.ts';
import type { OvsPort } from '../facts/ovs/ovs.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { HostThings } from './things.ts';

/** A port of Open vSwitch. */
export interface End {
  readonly name: string;
  readonly bridge: string;
  readonly port: OvsPort;
}

/** Ports on a host's bridges after the plan that its steps don't make. */
export interface OtherPorts {
  /** Tunnels that no step makes. */
  readonly strangers: readonly End[];
  /** Access ports of one VLAN. */
  readonly tagged: readonly End[];
}

/** A host and what is known about it, before and after its plan. */
export interface HostToLint {
  readonly resolved: ResolvedHost;
  readonly facts: Facts;
  readonly predicted: Facts;
  /** What is left over there, according to the records. */
  readonly leftOver?: readonly { readonly part: string; readonly stays?: string }[];
  /** Whether `predicted` holds every tunnel that the steps make. */
  readonly tunnelsKnown: boolean;
}

export interface LintedHost extends HostToLint, HostThings, OtherPorts {}
