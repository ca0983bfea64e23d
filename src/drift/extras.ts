import type { Facts } from '../facts/fact.ts';
import { byName, ovsBridges } from '../facts/ovs/bridges.ts';
import { overlayTag } from '../facts/ovs/tags.ts';
import { leftOversOf } from '../plan/left-over.ts';
import type { LeftOver, LeftOverQuestion } from '../plan/left-over-types.ts';
import { namedBySteps } from '../plan/step-names.ts';

/** Someone else's object inside one that a step of the playbook makes. */
export interface Foreign {
  readonly part: string;
  readonly detail: string;
}

export interface Extras {
  readonly leftOver: readonly LeftOver[];
  readonly foreign: readonly Foreign[];
}

/** What a host has beyond the playbook: what is left over, and others' ports in bridges that a step makes. Pure. */
export function extrasOf(question: LeftOverQuestion, facts: Facts): Extras {
  const said = namedBySteps(question.host);
  const foreign: Foreign[] = [];
  for (const [bridge, { ports }] of ovsBridges(facts)) {
    if (!said.names(bridge)) continue;
    for (const [port, { type, externalIds: tags = {} }] of byName(ports)) {
      if (overlayTag in tags || port === bridge || said.names(port)) continue;
      foreign.push({ part: `OVS port ${port}`, detail: `${type ?? 'a device'} on ${bridge}` });
    }
  }
  return { leftOver: leftOversOf(question, facts), foreign };
}
