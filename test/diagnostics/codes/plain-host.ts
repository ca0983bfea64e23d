import type { FactQuery } from '../../../src/facts/fact.ts';
import { factId } from '../../../src/facts/fact.ts';

const file = (content: string) => ({ kind: 'text', content, mode: '0644', owner: 'root', group: 'root' });
const interfacesText = (address: string) =>
  `auto eth0\niface eth0 inet static\n  address ${address}/24\n\nauto eth1\niface eth1 inet static\n  address 198.51.100.5/24\n`;

/** A Debian host with ifupdown, Open vSwitch without bridges, and Docker without containers, by fact id. */
function known(address: string): Readonly<Record<string, unknown>> {
  return {
    os: {
      id: 'debian',
      id_like: [],
      version: '12',
      family: 'debian',
      kernel: '6.1.0',
      architecture: 'x86_64',
      hostname: 'host',
      uid: 0,
      systemd: true,
      machine: address,
    },
    interfaces: [
      { name: 'lo', mtu: 65536, up: true, addresses: ['127.0.0.1/8'] },
      {
        name: 'eth0',
        mac: `02:00:00:00:00:${address.slice(-2)}`,
        mtu: 1500,
        up: true,
        addresses: [`${address}/24`],
      },
      {
        name: 'eth1',
        mac: `02:00:00:00:01:${address.slice(-2)}`,
        mtu: 1500,
        up: true,
        addresses: ['198.51.100.5/24'],
      },
    ],
    routes: [],
    ovs: { bridges: {} },
    'container:web': { id: '0'.repeat(64), running: true },
    'interfaces:web': [{ name: 'lo', mtu: 65536, up: true, addresses: ['127.0.0.1/8'] }],
    'routes:web': [],
    container_addresses: [],
    docker: {
      installed: true,
      active: 'inactive',
      enabled: true,
      units: [
        {
          path: '/lib/systemd/system/docker.service',
          text: '[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\n',
        },
      ],
      environment: [],
      daemon: null,
    },
    'unit:docker.service': { load: 'loaded', active: 'inactive', file: 'disabled' },
    ifupdown: {
      declared: [
        { name: 'eth0', file: '/etc/network/interfaces' },
        { name: 'eth1', file: '/etc/network/interfaces.d/eth1' },
      ],
      dropIns: 'glob',
    },
    'file:/etc/network/interfaces': file('source /etc/network/interfaces.d/*\n'),
    'file:/etc/network/interfaces.d/eth1': file(interfacesText(address).split('\n\n')[1] ?? ''),
  };
}

/** The values of a family's other facts, for things that don't exist. */
const otherwise: Readonly<Record<string, unknown>> = {
  file: null,
  unit: { load: 'not-found', active: 'inactive', file: '' },
  package: { installed: '1.0', candidate: null },
  guard: false,
  interfaces: [],
  routes: [],
  container: null,
};

/** A fact of that host; undefined: unknown. */
export function plainFact(query: FactQuery<unknown>, address: string): unknown {
  const facts = known(address);
  const id = factId(query);
  return id in facts ? facts[id] : otherwise[query.family.name];
}
