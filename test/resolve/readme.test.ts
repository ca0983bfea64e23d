import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolved } from './play.ts';

/** The datapath that README's first playbook gives Open vSwitch on hosts with these variables. */
function datapath(vars: string): unknown {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const playbook =
    /```yaml\n(hosts: docker_hosts\noverlays:.*?)```/s.exec(readme)?.[1] ??
    expect.fail('README has no playbook');
  const inventory = `groups: { docker_hosts: { vars: ${vars}, hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } } } }`;
  const [host] = resolved({ inventory, playbook }).play.hosts;
  return host?.steps.find(({ step }) => step.kind === 'ovs_bridge')?.params.datapath;
}

it("README's playbook works on lab hosts, whose inventory sets the datapath, and on others", () => {
  expect(datapath('{ ovs_datapath: netdev }')).toBe('netdev');
  expect(datapath('{}')).toBe('system');
});
