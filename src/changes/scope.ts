/** When a boot undoes the changes of a scope, in terms of systemd.unit(5). */
export interface BootPass {
  /** What is undone, for the unit's description. */
  readonly undoes: string;
  readonly after: string;
  readonly before?: string;
  /** A target that may not be wanted otherwise, and must be for `before` to have an effect. */
  readonly wants?: string;
  /** Before everything for which systemd makes a unit wait by default. */
  readonly early?: true;
}

interface ScopeOf<Name extends string> {
  readonly name: Name;
  /** Undefined: nothing to undo, since a boot leaves none of it. */
  readonly boot?: BootPass;
  /** Programs in which no change has the scope don't name it. */
  readonly rare?: true;
}

function define<const Name extends string>(...all: readonly ScopeOf<Name>[]): readonly ScopeOf<Name>[] {
  return all;
}

/**
 * What changes affect, and therefore when an undo at boot can restore it. The passes of a boot run in this order, the
 * first one for every pending run, the others if a change of the run has their scope.
 */
const table = define(
  {
    // Before networks, kernel parameters and services are set up from them. A target that nobody wants orders nothing
    // (systemd.special(7), network-pre.target).
    name: 'disk',
    boot: {
      undoes: 'files',
      after: 'local-fs.target',
      wants: 'network-pre.target',
      before: 'sysinit.target systemd-sysctl.service network-pre.target networking.service',
      early: true,
    },
  },
  {
    // Rows can be written once ovsdb-server is up, and ovs-vswitchd applies them.
    name: 'ovsdb',
    boot: {
      undoes: 'Open vSwitch rows',
      after: 'ovsdb-server.service',
      before: 'ovs-vswitchd.service',
    },
  },
  { name: 'live' },
  {
    // Something that only the daemon itself can undo: it is on the daemon's disk, and needs it running.
    name: 'docker',
    boot: { undoes: 'Docker changes', after: 'docker.service' },
    rare: true,
  },
);

export type Scope = (typeof table)[number]['name'];

/** The scopes that a program names whose changes have these. */
export function scopesFor(used: ReadonlySet<Scope>): readonly Scope[] {
  return table.flatMap(({ name, rare }) => (rare && !used.has(name) ? [] : [name]));
}

/** The passes of an undo at boot, in order. */
export const bootPasses: readonly (BootPass & { readonly scope: Scope })[] = table.flatMap(
  ({ name: scope, boot }) => (boot === undefined ? [] : [{ scope, ...boot }]),
);
