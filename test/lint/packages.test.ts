import { expect, it } from 'vitest';
import { resolveText } from '../resolve/play.ts';

it.each([
  ['ovs_bridge: { name: br0 }', 'openvswitch-switch', true],
  ['ovs_bridge: { name: br0, state: absent }', 'openvswitch-switch', false],
  ['bridge_uplink: { interface: eth0, bridge: br0 }', 'bridge-utils', true],
  ['bridge_uplink: { interface: eth0, bridge: br0, type: ovs }', 'bridge-utils', false],
  ['docker_daemon: { icc: false }', 'docker-ce', true],
])('%s needs %s before it: %s', (step, name, isTold) => {
  const text = (...steps: string[]) => ({
    playbook: `hosts: a\nsteps:\n${steps.map((one) => `  - ${one}\n`).join('')}`,
  });
  const codes = (...steps: string[]) => resolveText(text(...steps)).diagnostics.map(({ code }) => code);
  const install = `package: { name: [htop, ${name}] }`;
  expect(codes(step, install)).toEqual(isTold ? ['package-too-late'] : []);
  expect(codes(install, step)).toEqual([]);
});
