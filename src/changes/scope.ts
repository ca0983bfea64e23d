/** When a boot undoes the changes of a scope, as systemd.unit(5) says it. */
export interface BootPass {
  /** What is undone, for the unit's description. */
  readonly undoes: string;
  readonly after: string;
  readonly before?: string;
  /** What nobody else may want, and must be there for `before` to have an effect. */
  readonly wants?: string;
  /** Before anything that systemd gives a unit by itself to wait for. */
  readonly early?: true;
}

interface ScopeOf<Name extends string> {
  readonly name: Name;
  /** Left out: nothing to undo, since a boot leaves none of it. */
  readonly boot?: BootPass;
  /** Programs in which no change has the scope don't name it. */
  readonly rare?: true;
}

function define<const Name extends string>(...all: readonly ScopeOf<Name>[]): readonly ScopeOf<Name>[] {
  return all;
}

/**
 * What changes affect, and so when an undo at boot can restore it. The passes of a boot are made in this order, the
 * first one for every pending run, the others where a change of the run has their scope.
 */
const table = define(
  {
    // Before networks, kernel parameters and services are set up from them. Nothing is ordered by a target that
    // nobody wants (systemd.special(7), network-pre.target).
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
    // Rows can be written once ovsdb-server is up, and ovs-vswitchd acts on them.
    name: 'ovsdb',
    boot: {
      undoes: 'Open vSwitch rows',
      after: 'ovsdb-server.service',
      before: 'ovs-vswitchd.service',
    },
  },
  { name: 'live' },
  {
    // What only the daemon itself can take back: it keeps it on its disk, and has to run for that.
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

/** The passes of an undo at boot, in their order. */
export const bootPasses: readonly (BootPass & { readonly scope: Scope })[] = table.flatMap(
  ({ name: scope, boot }) => (boot === undefined ? [] : [{ scope, ...boot }]),
);
