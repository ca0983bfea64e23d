import { kinds } from '../kinds/registry.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { PlacedJoint } from '../topology/bridge-loops.ts';

/** What a host's steps join there, each at its place in the playbook. */
export function jointsOf({ host, overlays, steps }: ResolvedHost): PlacedJoint[] {
  return steps.flatMap(({ step, params }) => {
    const joint = kinds.get(step.kind)?.joins?.(params);
    if (joint === undefined) return [];
    const seen = joint.overlay === undefined ? undefined : overlays.get(joint.overlay);
    const at = step.locate([step.kind, joint.overlay === undefined ? 'members' : 'overlay']);
    return [{ ...joint, host: host.name, at, ...(seen === undefined ? {} : { seen }) }];
  });
}
