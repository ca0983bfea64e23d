import { networkMark } from '../../facts/docker/daemon.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { thing } from '../thing.ts';
import type { Marks, Trace } from '../trace.ts';
import { type ContainerNetworkChange, isOurs, settingsOf } from './change.ts';
import { networkPart } from './parts.ts';

/** Networks bear a mark among their labels. */
export const networkMarks: Marks<ContainerNetworkChange> = {
  queries: [dockerFact],
  find: (facts) =>
    (facts.find(dockerFact)?.daemon?.networks ?? []).filter(isOurs).map((network) => ({
      trace: networkTrace(network.name, network.labels?.[networkMark]),
      change: { type: 'container_network', name: network.name, before: null, after: settingsOf(network) },
    })),
  bears: (part, facts) => networkMarks.find(facts).some(({ trace }) => trace.part === part),
};

export function networkTraces({ name, after }: ContainerNetworkChange): Trace[] {
  return after === null || !isOurs(after) ? [] : [networkTrace(name, after.labels?.[networkMark])];
}

function networkTrace(name: string, kind = ''): Trace {
  return {
    thing: thing.dockerNetwork(name),
    part: networkPart(name),
    detail: `of kind ${kind}`,
    namedBy: [name],
    marked: true,
    removable: { is: 'network', name },
  };
}
