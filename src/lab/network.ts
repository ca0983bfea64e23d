import { existsSync, readdirSync } from 'node:fs';
import { must, run } from './command.ts';
import type { HostLayout, LabLayout } from './layout.ts';

/** The two networks of a lab: a cable from this machine to each host, and a switch that only the hosts share. */
export async function makeNetworks(lab: LabLayout): Promise<void> {
  await must(['ip', 'link', 'add', lab.bridge, 'type', 'bridge', 'forward_delay', '0', 'stp_state', '0']);
  await must(['ip', 'address', 'add', `${lab.bridgeAddress}/24`, 'dev', lab.bridge]);
  await must(['ip', 'link', 'set', lab.bridge, 'up']);
  const inSwitch = ['ip', '-n', lab.switchNamespace];
  await must(['ip', 'netns', 'add', lab.switchNamespace]);
  await must([
    ...inSwitch,
    'link',
    'add',
    'underlay',
    'type',
    'bridge',
    'forward_delay',
    '0',
    'stp_state',
    '0',
  ]);
  await must([...inSwitch, 'link', 'set', 'underlay', 'up']);
}

/** Removes every interface and namespace of the lab, including those of hosts that no state file knows. */
export async function removeNetworks(lab: LabLayout): Promise<void> {
  const mine = (name: string) => name.startsWith(`${lab.prefix}-`) || name.startsWith(`${lab.prefix}h`);
  for (const link of readdirSync('/sys/class/net').filter(mine)) await run(['ip', 'link', 'delete', link]);
  if (!existsSync(namespaces)) return;
  for (const name of readdirSync(namespaces).filter(mine)) await must(['ip', 'netns', 'delete', name]);
}

const namespaces = '/run/netns';

/** Plugs or unplugs the cable between this machine and the host's eth0. The underlay stays up. */
export async function setLink(host: HostLayout, state: 'up' | 'down'): Promise<void> {
  await must(['ip', 'link', 'set', host.link, state]);
}
