import type { Facts } from '../facts/fact.ts';
import { forgetMissingModule } from '../facts/kernel-module.ts';
import { chooseManager, type PackageFact, packageFact, packageSchema } from '../facts/package.ts';
import { argument, flag, list, oneOf, recordOf } from '../facts/schema.ts';
import { forgetUnits } from '../facts/unit.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, none, type Primitive } from './change.ts';

/** Packages are installed or removed, all at once. */
export interface PackageChange extends ChangeBase {
  readonly type: 'package';
  readonly packages: readonly {
    readonly name: string;
    readonly before: PackageFact;
  }[];
  readonly after: 'installed' | 'removed';
  /** Whether to update the host's package lists first (apt; dnf does it itself). */
  readonly update: boolean;
}

type Package = PackageChange['packages'][number];

export const packagePrimitive: Primitive<PackageChange> = {
  type: 'package',
  schema: {
    ...changeSchema<PackageChange>('package', {
      packages: list(recordOf<Package>({ name: argument, before: packageSchema })),
      after: oneOf('installed', 'removed'),
      update: flag,
    }),
    // Packages are installed before the host is armed.
    not: { properties: { risks: { type: 'array', contains: { const: 'ssh-path' } } }, required: ['risks'] },
  },
  scope: 'disk',
  risks: ['installs-package'],
  stage: 'packages',
  needsSettled: false,
  touches: none,
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ packages, after }) => ({
    action: after === 'installed' ? 'create' : 'delete',
    noun: packages.length === 1 ? 'package' : 'packages',
    target: packages.map(({ name }) => name).join(' '),
  }),
  fields: ({ packages, after }) =>
    packages.map(({ name, before }) =>
      after === 'installed'
        ? { field: name, after: before.candidate ?? 'newest' }
        : { field: name, before: before.installed ?? '' },
    ),
  predict,
  save: () => lines(chooseManager, raw(`${listInstalled} >"$before/packages"`)),
  apply: ({ packages, after, update }) =>
    lines(
      chooseManager,
      environment,
      sh`set -- ${packages.map(({ name }) => name)}`,
      after === 'installed' ? install(update) : remove,
    ),
  undo: () => undo,
  recheck: 'nothing tells',
};

function predict({ packages, after }: PackageChange, facts: Facts): Facts {
  const start = after === 'installed' ? forgetMissingModule(facts, 'a package may bring the module') : facts;
  const known = packages.reduce(
    (now, { name, before }) =>
      now.with(packageFact(name), {
        installed: after === 'removed' ? null : (before.candidate ?? 'newest'),
        candidate: null,
      }),
    start,
  );
  const names = packages.map(({ name }) => name).join(', ');
  return after === 'installed'
    ? forgetUnits(known, (unit) => unit?.load === 'not-found', `${names} may bring it`)
    : forgetUnits(known, (unit) => unit?.load !== 'not-found', `${names} may take it away`);
}

// On Ubuntu, needrestart would restart daemons that use a library, including Docker.
const environment = raw('export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1');

// The timeout waits, in seconds, for another process that holds dpkg's lock; a configuration file that the user has
// changed is kept.
const apt =
  'apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';

/** Nothing is removed that the plan doesn't name. */
function install(update: boolean): Sh {
  return raw(`if [ "$manager" = apt ]; then${update ? `\n${indented(updateLists)}` : ''}
  ${apt} --no-remove install -- "$@"
else
  "$manager" -y install -- "$@"
fi`);
}

// The lock on the lists has no timeout of its own.
const updateLists = `tries=5
until apt-get -q update; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then exit 1; fi
  sleep 5
done`;

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

const remove = raw(`if [ "$manager" = apt ]; then
  also=$(apt-get -q -s remove -- "$@" | while read -r word name _; do
    [ "$word" = Remv ] || continue
    for asked do [ "$asked" != "$name" ] || continue 2; done
    printf '%s ' "$name"
  done)
  if [ -n "$also" ]; then echo "these would go with it: $also" >&2; exit 1; fi
  ${apt} remove -- "$@"
else
  rpm -e -- "$@"
fi`);

// NAME VERSION STATE, one package a line.
const listInstalled = `if [ "$manager" = apt ]; then
  dpkg-query -W -f '\${binary:Package} \${Version} \${db:Status-Status}\\n'
else
  rpm -qa --qf '%{NAME}.%{ARCH} %{VERSION}-%{RELEASE} installed\\n'
fi`;

/**
 * Undoes exactly the difference: packages without any earlier trace are purged, those that had only configuration left
 * are removed, and removed ones are installed again in their earlier version, for which apt may need its sources.
 * Packages that were only upgraded stay upgraded.
 */
const undo = lines(
  chooseManager,
  environment,
  raw(`${listInstalled} >"$before/packages.now"
difference() {
  awk -v verb="$1" '
    function there(state) { return state != "" && state != "not-installed" && state != "config-files" }
    NR == FNR { was[$1] = $3; version[$1] = $2; next }
    { now[$1] = $3 }
    END {
      for (name in now) {
        if (verb == "purge" && !(name in was) && now[name] != "not-installed") print name
        if (verb == "remove" && (name in was) && !there(was[name]) && there(now[name])) print name
      }
      for (name in was) if (verb == "install" && there(was[name]) && !there(now[name])) print name "=" version[name]
    }' "$before/packages" "$before/packages.now"
}
patiently() {
  tries=60
  until "$@" >"$before/said" 2>&1; do
    tries=$((tries - 1))
    if [ $tries -eq 0 ] || ! grep -q 'lock was locked by' "$before/said"; then cat "$before/said" >&2; exit 1; fi
    sleep 5
  done
  cat "$before/said"
}
set -- $(difference purge)
if [ $# -gt 0 ]; then
  if [ "$manager" = apt ]; then patiently dpkg --force-remove-reinstreq --purge "$@"; else rpm -e -- "$@"; fi
fi
set -- $(difference remove)
if [ $# -gt 0 ]; then patiently dpkg --force-remove-reinstreq --remove "$@"; fi
set -- $(difference install)
if [ $# -gt 0 ]; then
  if [ "$manager" = apt ]; then ${apt} --no-remove --allow-downgrades install -- "$@"; else "$manager" -y install -- $(printf '%s\\n' "$@" | sed 's/=/-/'); fi
fi`),
);
