import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { useOf } from './use.ts';

/** Names that the kernel, sysctl(8) or Open vSwitch have for something of their own. */
const reserved = new Map([
  ['lo', 'the loopback interface'],
  ['all', "the kernel's settings for all interfaces"],
  ['default', "the kernel's settings for new interfaces"],
  ['ovs-system', "Open vSwitch's kernel datapath"],
  ['ovs-netdev', "Open vSwitch's userspace datapath"],
]);

/** Bridges that are named as something that is there already, or that Docker makes for itself. */
export function nameLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  return hosts.flatMap((host) =>
    host.steps.flatMap((step) => {
      const { kind } = step.step;
      const param = kind.endsWith('_bridge') ? 'name' : 'bridge';
      const schema = kinds.get(kind)?.params.properties[param];
      const name = step.params[param];
      if (schema === undefined || typeof name !== 'string' || step.params.state === 'absent') return [];
      const { at } = useOf(host, step);
      const owner = reserved.get(name);
      if (owner !== undefined)
        return [
          error(
            'reserved-name',
            `a bridge can't be named ${name}, which is ${owner}`,
            at(param),
            'choose another name',
          ),
        ];
      if (name === 'docker0' && kind === 'ovs_bridge')
        return [
          warning(
            'reserved-name',
            'docker0 is the bridge that Docker makes for itself, as a Linux bridge',
            at(param),
            'choose another name',
          ),
        ];
      return [];
    }),
  );
}
