import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dockerFact } from '../../../src/facts/docker/docker.ts';
import { daemonWith, dockerOptions } from '../../../src/facts/docker/options.ts';

const { family } = dockerFact;

/** Output of a real host (Debian 12, Docker 20.10). */
function printed(name: string): string {
  return readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8');
}

function read(name: string) {
  const value = family.parse(printed(name), ['']).get('');
  if (value === undefined) throw new Error('no fact');
  return value;
}

function daemonOf(name: string) {
  const { daemon } = read(name);
  if (daemon === null) throw new Error('no daemon');
  return daemon;
}

describe('a daemon on a bridge of its own', () => {
  it('has its unit, its drop-in and its environment', () => {
    const { installed, active, enabled, units, environment } = read('on-its-own-bridge');
    expect({ installed, active, enabled }).toEqual({ installed: true, active: 'active', enabled: true });
    expect(units.map(({ path }) => path)).toEqual([
      '/lib/systemd/system/docker.service',
      '/etc/systemd/system/docker.service.d/zz-meshbook.conf',
    ]);
    expect(units[1]?.text).toContain('--bridge=newbridge');
    expect(environment.map(({ path }) => path)).toEqual(['/etc/default/docker']);
  });

  it('reports its effective settings', () => {
    expect(dockerOptions(daemonOf('on-its-own-bridge'))).toEqual({
      bridge: 'newbridge',
      subnet: '10.11.12.0/24',
      fixed_cidr: '10.11.12.128/26',
      mtu: 1450,
      icc: true,
      ip_masq: true,
    });
  });

  it('has a command line, networks and running containers', () => {
    const { argv, networks, containers, liveRestore } = daemonOf('on-its-own-bridge');
    expect(argv[0]).toBe('/usr/sbin/dockerd');
    expect(argv).toContain('--mtu=1450');
    expect(liveRestore).toBe(false);
    expect(networks.map(({ name }) => name)).toEqual(['bridge', 'host', 'none', 'other']);
    expect(networks[3]).toMatchObject({ subnet: '172.30.0.0/24', range: '172.30.0.128/25' });
    expect(containers).toEqual([
      { name: 'both', restart: 'no', autoRemove: true, networks: ['bridge', 'other'] },
      { name: 'web', restart: 'unless-stopped', autoRemove: false, networks: ['bridge'] },
    ]);
  });

  it('has a canonical form without ids', () => {
    const form = JSON.stringify(family.canonical(read('on-its-own-bridge')));
    expect(form).not.toMatch(/[0-9a-f]{64}/);
    expect(form).toContain('"subnet":"10.11.12.0/24"');
  });
});

it('is not queried while only docker.socket runs', () => {
  expect(read('only-the-socket')).toMatchObject({
    installed: true,
    active: 'inactive',
    enabled: true,
    daemon: null,
  });
});

it('counts as installed with only an init script', () => {
  expect(read('init-script')).toMatchObject({ installed: true, active: 'inactive', daemon: null });
});

it('is not installed if systemd has no docker.service', () => {
  expect(read('not-installed')).toMatchObject({ installed: false, units: [], daemon: null });
  expect(family.parse('', ['']).get('')).toMatchObject({ installed: false, enabled: false });
});

it('is unknown if the daemon is active and does not answer', () => {
  expect(() => family.parse(`${printed('only-the-socket')}dead - -\n`, [''])).toThrow('does not answer');
});

describe('daemonWith', () => {
  const options = {
    bridge: 'br9',
    subnet: '10.9.0.0/24',
    fixed_cidr: '10.9.0.0/25',
    default_gateway: '10.9.0.9',
    mtu: 1400,
    icc: false,
    ip_masq: false,
  };

  it.each([
    ['a running daemon', () => daemonOf('on-its-own-bridge')],
    ['no daemon', () => null],
  ])('%s then works with the options', (_title, daemon) => {
    expect(dockerOptions(daemonWith(daemon(), options))).toEqual(options);
  });

  it.each(['', 'x', '-1', '1e3', '9'.repeat(400)])('has no MTU if the host reports %j', (mtu) => {
    const option = 'com.docker.network.driver.mtu';
    const networks = [{ name: 'bridge', driver: 'bridge', options: { [option]: mtu } }];
    const of = { argv: [], liveRestore: false, networks, containers: [] };
    expect(dockerOptions(of).mtu).toBeUndefined();
  });

  it('keeps the other networks and options', () => {
    const before = daemonOf('on-its-own-bridge');
    const after = daemonWith(before, { mtu: 1400 });
    expect(dockerOptions(after)).toEqual({ ...dockerOptions(before), mtu: 1400 });
    expect(after.networks.find(({ name }) => name === 'other')).toEqual(before.networks[3]);
  });

  it('has its bridge again once that is configured', () => {
    const before = daemonOf('on-its-own-bridge');
    const networks = before.networks.map((one) =>
      one.name === 'bridge' ? { ...one, deviceMissing: true as const } : one,
    );
    expect(dockerOptions({ ...before, networks }).bridge).toBeUndefined();
    expect(dockerOptions(daemonWith({ ...before, networks }, { bridge: 'newbridge' })).bridge).toBe(
      'newbridge',
    );
  });
});

/** A host's output, made of sections. */
function sections(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')} \n`)
    .join('');
}

describe('odd hosts', () => {
  it('a masked docker.service counts as not installed, and as one that nothing starts', () => {
    const show = (file: string, load: string) =>
      `LoadState=${load}\nActiveState=inactive\nUnitFileState=${file}\nMainPID=0\n`;
    const printedText = sections({ show: `${show('masked', 'masked')}\n${show('enabled', 'loaded')}` });
    expect(family.parse(printedText, ['']).get('')).toMatchObject({ installed: false, enabled: false });
  });

  it('a network has its labels, what is special about it, and its containers, stopped ones too', () => {
    const network = (Name: string, more: object) => ({
      Name,
      Id: `${Name}0123456789abcdef`,
      Driver: 'bridge',
      Options: {},
      Scope: 'local',
      IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.1.0.0/24' }] },
      ...more,
    });
    const container = (Name: string, networks: object) => ({
      Id: `${Name}456789abcdef`,
      Name: `/${Name}`,
      HostConfig: { RestartPolicy: { Name: 'no' }, AutoRemove: false },
      NetworkSettings: { Networks: networks },
    });
    const fixed = { Aliases: ['db', 'c00045678'], IPAMConfig: { IPv4Address: '10.1.0.9' } };
    const twoRanges = { Driver: 'mine', Config: [{ Subnet: '10.1.0.0/24' }, { Subnet: '10.2.0.0/24' }] };
    const printedText = sections({
      show: 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nMainPID=1\n',
      networks: JSON.stringify([
        network('mesh', { Labels: { b: '2', a: '1' }, Internal: true }),
        network('odd', { EnableIPv6: true, Attachable: true, Scope: 'swarm', IPAM: twoRanges }),
        network('bridge', {}),
      ]),
      containers: JSON.stringify([container('c000', { mesh: fixed, bridge: {} })]),
      stopped: `"${'d'.repeat(64)}" "/old" {"mesh":{"Aliases":["x","${'d'.repeat(12)}"],"IPAMConfig":null},"gone":null}\n`,
    });
    const networks = family.parse(printedText, ['']).get('')?.daemon?.networks ?? [];
    expect(networks.map(({ name }) => name)).toEqual(['bridge', 'mesh', 'odd']);
    const [bridge, mesh, odd] = networks;
    expect(bridge).not.toHaveProperty('members');
    expect(bridge).not.toHaveProperty('labels');
    expect(mesh).toMatchObject({ internal: true, labels: { a: '1', b: '2' } });
    expect(mesh).not.toHaveProperty('other');
    expect(mesh?.members).toEqual([
      { container: 'c000', running: true, address: '10.1.0.9', aliases: ['c00045678', 'db'] },
      { container: 'old', running: false, aliases: ['x'] },
    ]);
    expect(odd?.other).toEqual(['IPv6', '2 IPv4 ranges', 'attachable', 'scope swarm', 'addresses by mine']);
    expect(odd).not.toHaveProperty('internal');
  });

  it('what is no list of stopped containers is unreadable', () => {
    const show = 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nMainPID=1\n';
    expect(() => family.parse(sections({ show, stopped: 'Error: x' }), [''])).toThrow(
      'docker container inspect',
    );
  });

  it('a container lists the paths that it mounts and that are gone', () => {
    const container = (name: string, source: string) => ({
      Name: `/${name}`,
      HostConfig: {
        RestartPolicy: { Name: 'no' },
        AutoRemove: false,
        Mounts: [{ Type: 'bind', Source: source }],
      },
      NetworkSettings: { Networks: { bridge: {} } },
    });
    const printedText = sections({
      show: 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nMainPID=1\n',
      containers: JSON.stringify([container('a', '/srv/a'), container('b', '/srv/b')]),
      gone: '/srv/a\n',
    });
    const containers = family.parse(printedText, ['']).get('')?.daemon?.containers;
    expect(containers).toMatchObject([{ name: 'a', gone: ['/srv/a'] }, { name: 'b' }]);
    expect(containers?.[1]).not.toHaveProperty('gone');
  });
});
