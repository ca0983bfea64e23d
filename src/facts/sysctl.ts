import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { either, nothing, text } from './schema.ts';

/** A kernel parameter's value, with each run of blanks as one space; null: this kernel doesn't have it (now). */
export type SysctlFact = string | null;

const sysctls: FactFamily<SysctlFact> = {
  name: 'sysctl',
  command: 'grep',
  schema: either(nothing, text),
  query,
  parse,
  canonical: (value) => value,
};

/** A kernel parameter by its name for `sysctl`. */
export function sysctlFact(name: string): FactQuery<SysctlFact> {
  return { family: sysctls, key: name };
}

/**
 * The file of a kernel parameter. sysctl(8): if the first separator is a slash, dots are part of names
 * (`net/ipv4/conf/eth0.100/rp_filter`); if it is a dot, dots and slashes swap places.
 */
export function sysctlPath(name: string): string {
  const swap: Record<string, string> = { '.': '/', '/': '.' };
  const first = /[./]/.exec(name)?.[0];
  return `/proc/sys/${first === '/' ? name : name.replace(/[./]/g, (c) => swap[c] ?? c)}`;
}

/** As the kernel prints it, but with each run of blanks as one space. */
export function normalSysctl(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function query(names: readonly string[]): Sh {
  return lines(
    sh`set -- ${names.map(sysctlPath)}`,
    raw(`for path do [ -e "$path" ] || printf 'absent %s\\n' "$path"; done
grep -s '' /dev/null "$@" || :`),
  );
}

function parse(output: string, names: readonly string[]): ReadonlyMap<string, SysctlFact> {
  const all = output.split('\n');
  return new Map(
    names.flatMap((name): [string, SysctlFact][] => {
      const path = sysctlPath(name);
      if (all.includes(`absent ${path}`)) return [[name, null]];
      const values = all
        .filter((line) => line.startsWith(`${path}:`))
        .map((line) => line.slice(path.length + 1));
      // A parameter that is write-only, or not readable by this user, is unknown.
      return values.length === 0 ? [] : [[name, normalSysctl(values.join(' '))]];
    }),
  );
}
