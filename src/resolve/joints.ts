import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { Step } from '../model/types.ts';
import type { PlacedJoint } from '../topology/bridge-loops.ts';

/** What the hosts' steps join there, each at its place in the playbook. */
export function jointsOf(hosts: readonly ResolvedHost[]): PlacedJoint[] {
  const joints: PlacedJoint[] = [];
  // The same on all hosts.
  const places = new Map<Step, SourceRange>();
  for (const { host, overlays, steps } of hosts) {
    for (const { step, params } of steps) {
      const joint = kinds.get(step.kind)?.joins?.(params);
      if (joint === undefined) continue;
      const { overlay } = joint;
      const seen = overlay === undefined ? undefined : overlays.get(overlay);
      const at = places.get(step) ?? step.locate([step.kind, overlay === undefined ? 'members' : 'overlay']);
      places.set(step, at);
      joints.push({ ...joint, host: host.name, at, ...(seen === undefined ? {} : { seen }) });
    }
  }
  return joints;
}
