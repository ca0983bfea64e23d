import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { either, nothing, recordOf, type Schema, text } from './schema.ts';

export interface PackageFact {
  /** The installed version; null: not installed, or only partly. */
  readonly installed: string | null;
  /** The version that an install would bring: apt only, and only while it isn't installed. */
  readonly candidate: string | null;
}

const version = either(nothing, text);
export const packageSchema: Schema = recordOf<PackageFact>({ installed: version, candidate: version });

const packages: FactFamily<PackageFact> = {
  name: 'package',
  command: 'the package manager',
  schema: packageSchema,
  query,
  parse,
  canonical: ({ installed }) => installed,
};

/** A package by its name in the host's package manager. */
export function packageFact(name: string): FactQuery<PackageFact> {
  return { family: packages, key: name };
}

/**
 * Whether apt or dnf (yum) manages the host; sets `$manager`. Debian has rpm as a tool, and Fedora has dpkg, so the
 * front end counts.
 */
export const chooseManager: Sh = raw(`if command -v apt-get >/dev/null; then manager=apt
elif command -v dnf >/dev/null; then manager=dnf
elif command -v yum >/dev/null; then manager=yum
else echo 'this host has neither apt-get nor dnf nor yum' >&2; exit 1
fi`);

// apt-cache must not write its cache files (law 4), hence the two empty options.
function query(names: readonly string[]): Sh {
  return lines(
    chooseManager,
    sh`set -- ${names}`,
    raw(`if [ "$manager" = apt ]; then
  installed=$(dpkg-query -W -f '\${Package} \${db:Status-Status} \${Version}\\n' -- "$@" 2>/dev/null) || missing=1
  printf '%s\\n' "$installed"
  case "\${missing:-}$installed" in
    1* | *' not-installed '* | *' config-files '* | *' half-'* | *' unpacked '*)
      apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy -- "$@" ;;
  esac
else
  rpm -q --qf '%{NAME} installed %{VERSION}-%{RELEASE}\\n' -- "$@" || :
fi`),
  );
}

// dpkg-query(1), db:Status-Status: the states of a working package.
const working = /^(\S+) (?:installed|triggers-awaited|triggers-pending) (\S+)$/;

function parse(output: string, names: readonly string[]): ReadonlyMap<string, PackageFact> {
  const installed = new Map<string, string>();
  const candidates = new Map<string, string>();
  let of = '';
  for (const line of output.split('\n')) {
    const [, name, version] = working.exec(line) ?? [];
    if (name !== undefined && version !== undefined) installed.set(name, version);
    of = /^(\S+):$/.exec(line)?.[1] ?? of;
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') candidates.set(of, candidate);
  }
  return new Map(
    names.map((name) => {
      const version = installed.get(name) ?? null;
      return [
        name,
        { installed: version, candidate: version === null ? (candidates.get(name) ?? null) : null },
      ];
    }),
  );
}
