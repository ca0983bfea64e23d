import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { listOf, useOf } from './use.ts';

/** The Debian packages without which a kind can do nothing. */
const needs: Readonly<Record<string, readonly string[]>> = {
  ovs_bridge: ['openvswitch-switch'],
  ovs_tunnels: ['openvswitch-switch'],
  docker_daemon: ['docker.io', 'docker-ce'],
  interfaces_file: ['ifupdown'],
};

/** Steps that come before the one that installs what they need: on a new host they fail. */
export function packageLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  return hosts.flatMap((host) => {
    const found: Diagnostic[] = [];
    const early = new Map<string, string>();
    for (const step of host.steps) {
      const { kind } = step.step;
      if (step.params.state === 'absent') continue;
      if (kind !== 'package') {
        for (const name of needs[kind] ?? []) early.set(name, early.get(name) ?? step.name);
        continue;
      }
      for (const name of listOf(step.params.name as string | readonly string[])) {
        const user = early.get(name);
        if (user === undefined) continue;
        found.push(
          warning(
            'package-too-late',
            `${name} is installed after the step '${user}', which needs it`,
            useOf(host, step).at('name'),
            'put the package step first',
          ),
        );
      }
    }
    return found;
  });
}
