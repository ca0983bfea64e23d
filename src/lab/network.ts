import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { RunError } from '../diagnostics/errors.ts';
import { must, run } from './command.ts';
import { type HostLayout, type LabLayout, labLayout, labsFolder, maxLabs } from './layout.ts';

/** Takes the first number whose addresses this machine doesn't use; the folder is the claim, and atomic. */
export async function claimLab(): Promise<LabLayout> {
  mkdirSync(labsFolder, { recursive: true });
  const routes = await must(['ip', '-4', 'route', 'show', 'table', 'all']);
  for (let number = 0; number < maxLabs; number++) {
    const lab = labLayout(number);
    if (routes.includes(`10.97.${number}.`) || routes.includes(`10.98.${number}.`)) continue;
    try {
      mkdirSync(lab.folder, { mode: 0o700 });
      return lab;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new RunError('state', `all ${maxLabs} address ranges for labs (10.97.X.0/24) are in use`);
}

/** The two cables of a lab: one from this machine to each host, one that only the hosts share. */
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

/** Removes every interface and namespace of the lab, those of hosts that no state file knows included. */
export async function removeNetworks(lab: LabLayout): Promise<void> {
  const mine = (name: string) => name.startsWith(`${lab.prefix}-`) || name.startsWith(`${lab.prefix}h`);
  for (const link of readdirSync('/sys/class/net').filter(mine)) await run(['ip', 'link', 'delete', link]);
  if (!existsSync(namespaces)) return;
  for (const name of readdirSync(namespaces).filter(mine)) await must(['ip', 'netns', 'delete', name]);
}

const namespaces = '/run/netns';

/** Pulls or plugs the cable between this machine and the host's eth0. The underlay stays. */
export async function setLink(host: HostLayout, state: 'up' | 'down'): Promise<void> {
  await must(['ip', 'link', 'set', host.link, state]);
}
