import { describe, expect, inject, it } from 'vitest';
import type { View } from '../../src/kinds/define-kind.ts';
import { hostRestart } from '../../src/lab/lab.ts';
import { readLab } from '../../src/lab/state.ts';
import { kindOf } from '../kinds/cases.ts';
import { on as execute, prepared, read } from './on-host.ts';

const stateDir = inject('labStateDir');
const lab = () => readLab(stateDir) ?? expect.fail('the test lab is gone');
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
  const kind = await kindOf('interfaces_file');
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
  it('asks for bridge-utils first', async () => {
    expect((await plan()).problems).toMatchObject([{ code: 'no-bridge-utils' }]);
  });

  it('makes a bridge with an OVS bridge as its member come up after a reboot', async () => {
    await on(`apt-get -q -y install bridge-utils >/dev/null
      ovs-vsctl --timeout=10 add-br ovs-reboot -- set bridge ovs-reboot datapath_type=netdev`);
    const { changes, problems = [] } = await plan();
    expect(problems).toEqual([]);
    const run = await prepared(lab(), host, changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan()).changes).toEqual([]);
    expect(await on('ifquery br-reboot 2>&1')).toContain('bridge_ports: ovs-reboot');

    await hostRestart(lab(), host);
    await on(
      'for i in $(seq 300); do systemctl is-active -q networking && exit; sleep 0.1; done; systemctl status networking',
    );
    expect(await link()).toEqual(asDeclared);
    await on('ifdown br-reboot 2>&1');

    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('ls /etc/network/interfaces.d')).toBe('eth0\n');
  });

  it('writes a block into a file that takes in no others, with ifup to bring it up', async () => {
    await on(
      `cp /etc/network/interfaces /root/interfaces; { echo '# mine'; cat /etc/network/interfaces.d/eth0; printf 'auto lo\\niface lo inet loopback'; } >/etc/network/interfaces`,
    );
    const before = await on('cat /etc/network/interfaces');
    const run = await prepared(lab(), host, (await plan()).changes);
    expect((await run.apply()).at(-1)).toEqual(ended);
    expect((await plan()).changes).toEqual([]);
    await on('ifup br-reboot 2>&1');
    expect(await link()).toEqual(asDeclared);
    await on('ifdown br-reboot 2>&1');
    expect((await run.undo()).at(-1)).toEqual(ended);
    expect(await on('cat /etc/network/interfaces')).toBe(before);
    await on('mv /root/interfaces /etc/network/interfaces');
  });

  it('finds a stanza in a file that the main one takes in from elsewhere', async () => {
    await on(`mkdir /etc/elsewhere; echo 'iface br-reboot inet manual' >/etc/elsewhere/bridges
      cp -a /etc/network/interfaces /root/interfaces; echo 'source /etc/elsewhere/b*' >>/etc/network/interfaces`);
    expect((await plan()).problems).toMatchObject([
      { code: 'interface-declared-twice', message: '/etc/elsewhere/bridges declares br-reboot already' },
    ]);
    await on(`mv /root/interfaces /etc/network/interfaces; rm -r /etc/elsewhere
      ovs-vsctl --timeout=10 del-br ovs-reboot; apt-get -q -y purge bridge-utils >/dev/null`);
  });
});
