import { describe, expect, it } from 'vitest';
import type { View } from '../../src/kinds/define-kind.ts';
import { hostRestart } from '../../src/lab/lab.ts';
import { kindOf } from '../kinds/cases.ts';
import { on as execute, prepared, read } from './on-host.ts';
import { lab, stateDir } from './own-lab.ts';

const host = 'docker1';
const on = (script: string) => execute(lab(), host, script);
const view: View = { host, overlays: new Map(), step: 'Test' };
const params = {
  bridge: 'br-reboot',
  address: ['10.55.0.1/24', '10.56.0.1/24', 'fd55::1/64'],
  members: ['ovs-reboot'],
  mac: '02-55-00-00-00-01',
  mtu: 1462,
};
const ended = { type: 'end', outcome: 'ok' };

async function plan() {
  const kind = kindOf('interfaces_file');
  return kind.plan(params, await read(lab(), host, kind.facts(params, view)), view);
}

const link = async () => {
  const [link] = JSON.parse(await on('ip -j -d addr show dev br-reboot')) as {
    address: string;
    mtu: number;
    operstate: string;
    addr_info: { local: string; prefixlen: number; scope: string }[];
    linkinfo: { info_data: { stp_state: number; forward_delay: number } };
  }[];
  return {
    mac: link?.address,
    mtu: link?.mtu,
    stp: link?.linkinfo.info_data.stp_state,
    addresses: link?.addr_info
      .filter(({ scope }) => scope === 'global')
      .map((a) => `${a.local}/${a.prefixlen}`),
    members: (await on('ls /sys/class/net/br-reboot/brif')).trim(),
  };
};

const asDeclared = {
  mac: '02:55:00:00:00:01',
  mtu: 1462,
  stp: 0,
  addresses: ['10.55.0.1/24', '10.56.0.1/24', 'fd55::1/64'],
  members: 'ovs-reboot',
};

describe.skipIf(stateDir === '').sequential('interfaces_file on a real host', { timeout: 120_000 }, () => {
  it('makes a bridge with an OVS bridge as its member come up after a reboot', async () => {
    await on('ovs-vsctl --timeout=10 add-br ovs-reboot -- set bridge ovs-reboot datapath_type=netdev');
    const { changes, problems = [] } = await plan();
    expect(problems).toEqual([]);
    const run = await prepared(lab(), host, changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan()).changes).toEqual([]);
    expect(await on('ifquery br-reboot 2>&1')).toContain(
      'up: ip link set dev ovs-reboot master br-reboot up',
    );

    await hostRestart(lab(), host);
    await on(
      'for i in $(seq 300); do systemctl is-active -q networking && exit; sleep 0.1; done; systemctl status networking',
    );
    expect(await link()).toEqual(asDeclared);
    await on('ifdown br-reboot 2>&1; ip link delete br-reboot');

    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('ls /etc/network/interfaces.d')).toBe('eth0\n');
  });

  it('survives a restart of the network service, and the bridge going down and up, with everything on it', async () => {
    const { members, mac, mtu, address } = { ...params, mac: '02:55:00:00:00:01' };
    await on(`ip link add br-reboot type bridge; ip link set br-reboot address ${mac}; ip link set br-reboot mtu ${mtu} up
      ip link set ${members[0]} master br-reboot up
      ip link add br-guest type veth peer name br-guest2; ip link set br-guest master br-reboot up`);
    for (const one of address) await on(`ip address replace ${one} dev br-reboot`);
    const run = await prepared(lab(), host, (await plan()).changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    const withGuest = { ...asDeclared, members: 'br-guest\novs-reboot' };
    expect(await link()).toEqual(withGuest);
    // At the first restart ifupdown doesn't know that the bridge is up; at the second it does.
    for (const again of [
      'systemctl restart networking',
      'systemctl restart networking',
      'ifdown br-reboot 2>&1; ifup br-reboot 2>&1',
      'ifup --force br-reboot 2>&1',
    ]) {
      await on(`${again} || { systemctl status networking; exit 1; }`);
      expect(await link(), again).toEqual(withGuest);
      expect(await on('systemctl is-active networking; ifquery --state br-reboot'), again).toBe(
        'active\nbr-reboot=br-reboot\n',
      );
    }
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await link()).toEqual(withGuest);
    await on('ip link delete br-reboot; ip link delete br-guest; systemctl restart networking');
  });

  it('writes a block into a file that includes no others, with ifup to bring it up', async () => {
    await on(
      `cp /etc/network/interfaces /root/interfaces; { echo '# mine'; cat /etc/network/interfaces.d/eth0; printf 'auto lo\\niface lo inet loopback'; } >/etc/network/interfaces`,
    );
    const before = await on('cat /etc/network/interfaces');
    const run = await prepared(lab(), host, (await plan()).changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan()).changes).toEqual([]);
    await on('ifup br-reboot 2>&1');
    expect(await link()).toEqual(asDeclared);
    await on('ifdown br-reboot 2>&1; ip link delete br-reboot');
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('cat /etc/network/interfaces')).toBe(before);
    await on('mv /root/interfaces /etc/network/interfaces');
  });

  it('finds a stanza in a file that the main one includes from elsewhere', async () => {
    await on(`mkdir /etc/elsewhere; echo 'iface br-reboot inet manual' >/etc/elsewhere/bridges
      cp -a /etc/network/interfaces /root/interfaces; echo 'source /etc/elsewhere/b*' >>/etc/network/interfaces`);
    expect((await plan()).problems).toMatchObject([
      { code: 'interface-declared-twice', message: '/etc/elsewhere/bridges declares br-reboot already' },
    ]);
    await on(`mv /root/interfaces /etc/network/interfaces; rm -r /etc/elsewhere
      ovs-vsctl --timeout=10 del-br ovs-reboot`);
  });
});
