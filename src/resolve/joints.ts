import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { tidy } from '../json/records.ts';
import { type DescribedThing, placeOf, thingsOf } from '../lint/things.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { Joint, PlacedJoint } from '../topology/bridge-loops.ts';

/** The connections that the hosts' steps make, each with its place in the playbook. */
export function jointsOf(hosts: readonly ResolvedHost[]): PlacedJoint[] {
  const joints: PlacedJoint[] = [];
  const at = placesOnce();
  for (const { host, overlays, steps } of hosts) {
    for (const said of steps.flatMap(thingsOf)) {
      const joint = jointOf(said);
      if (joint === undefined) continue;
      const seen = joint.overlay === undefined ? undefined : overlays.get(joint.overlay);
      const place = at(said, joint.overlay === undefined ? 'members' : 'overlay');
      joints.push(tidy({ ...joint, host: host.name, at: place, seen }));
    }
  }
  return joints;
}

/** A bridge with the tunnels of an overlay, or with its members, now or after a boot. */
function jointOf({ thing }: DescribedThing): Joint | undefined {
  if (thing.does !== 'makes') return undefined;
  if (thing.is === 'tunnels') return { bridge: thing.bridge, overlay: thing.overlay };
  return thing.is === 'link' && thing.members !== undefined
    ? { bridge: thing.name, members: thing.members }
    : undefined;
}

/** Looks up each place once: places are the same on all hosts. */
function placesOnce() {
  const found = new Map<unknown, Map<string, SourceRange>>();
  return (said: DescribedThing, field: 'members' | 'overlay'): SourceRange => {
    const own = found.get(said.step.step) ?? new Map<string, SourceRange>();
    found.set(said.step.step, own);
    const place = own.get(field) ?? placeOf(said, field);
    own.set(field, place);
    return place;
  };
}
