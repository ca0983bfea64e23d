import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery, Facts } from './fact.ts';
import { flag } from './schema.ts';

/** Whether the running kernel has a module: loaded, or loadable. Unknown if nothing tells. */
const modules: FactFamily<boolean> = {
  name: 'kernel-module',
  command: 'modprobe',
  schema: flag,
  query,
  parse,
  canonical: (value) => value,
};

/** The module with which Open vSwitch switches packets in the kernel. */
export const openVswitchModule: FactQuery<boolean> = { family: modules, key: 'openvswitch' };

/** Makes a missing module unknown once something may have installed it. */
export function forgetMissingModule(facts: Facts, reason: string): Facts {
  return facts.find(openVswitchModule) === false ? facts.without(openVswitchModule, reason) : facts;
}

/**
 * modprobe(8): with -n it loads nothing. It knows only /lib/modules, which a container doesn't have: there the kernel
 * may still load a module, from outside.
 */
function query(names: readonly string[]): Sh {
  return lines(
    sh`for module in ${names}; do`,
    raw('  if [ -d "/sys/module/$module" ]; then echo "yes $module"'),
    raw('  elif [ -d "/lib/modules/$(uname -r)" ] && command -v modprobe >/dev/null; then'),
    raw(
      '    if modprobe -n -q -- "$module" 2>/dev/null; then echo "yes $module"; else echo "no $module"; fi',
    ),
    raw('  fi'),
    raw('done'),
  );
}

function parse(output: string, names: readonly string[]): ReadonlyMap<string, boolean> {
  const lines = new Set(output.split('\n'));
  return new Map(
    names.flatMap((name): [string, boolean][] =>
      lines.has(`yes ${name}`) ? [[name, true]] : lines.has(`no ${name}`) ? [[name, false]] : [],
    ),
  );
}
