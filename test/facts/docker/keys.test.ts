import { describe, expect, it } from 'vitest';
import { flagOfKey, refusedKeys } from '../../../src/facts/docker/keys.ts';
import { refusedValues } from '../../../src/facts/docker/values.ts';

describe('what dockerd refuses in its file', () => {
  it.each([
    [{ iptables: 'false' }, "'iptables' must be true or false, without quotes"],
    [{ mtu: '1450' }, "'mtu' must be a whole number, without quotes"],
    [{ mtu: 1450.5 }, "'mtu' must be a whole number, without quotes"],
    [{ bridge: 7 }, "'bridge' must be a text in quotes"],
    [{ dns: '1.1.1.1' }, "'dns' must be a list of texts"],
    [{ labels: [1] }, "'labels' must be a list of texts"],
    [{ 'log-opts': { 'max-file': 3 } }, "'log-opts: max-file' must be a text in quotes"],
    [{ 'log-opts': [] }, "'log-opts' must be a mapping in braces"],
    [{ features: { buildkit: 'true' } }, "'features: buildkit' must be true or false, without quotes"],
    [{ Mtu: 1450 }, "Docker knows no option 'Mtu'"],
    [{ tlsx: { nonsense: 1 } }, "Docker knows no option 'nonsense'"],
    [{ proxies: { 'http-proxy': 'http://p' } }, "Docker knows 'http-proxy' from version 23 on"],
  ])('%j', (values, sentence) => {
    expect(refusedKeys(values, '20.10.24+dfsg1')).toEqual([sentence]);
  });

  it.each([
    [{ proxies: { 'http-proxy': 'http://p' } }, '28.5.2'],
    [{ 'default-network-opts': { bridge: { 'com.docker.network.driver.mtu': '1400' } } }, '26.1.5'],
    // Docker 20.10 flattens it and finds the key `bridge`.
    [{ 'default-network-opts': { bridge: { 'com.docker.network.driver.mtu': '1400' } } }, '20.10.24'],
    [{ 'some-new-key': 1 }, '30.0.1'],
    [{ 'some-new-key': 1 }, undefined],
    [{ label: ['a=b'], host: ['x'] }, '20.10.24'],
    [
      {
        mtu: null,
        'log-driver': 'json-file',
        'log-opts': { 'max-size': '10m' },
        'exec-opts': ['native.cgroupdriver=systemd'],
        'storage-driver': 'overlay2',
        'insecure-registries': ['10.0.0.1:5000'],
        'default-ulimits': { nofile: { Name: 'nofile', Hard: 1, Soft: 1 } },
        runtimes: { nvidia: { path: 'nvidia-container-runtime', runtimeArgs: [] } },
        'live-restore': true,
        'userland-proxy': false,
        'default-address-pools': [{ base: '10.80.0.0/16', size: 24 }],
      },
      '20.10.24',
    ],
  ])('not %j of version %s', (values, version) => {
    expect(refusedKeys(values, version)).toEqual([]);
  });

  it.each([
    [{ bip: '10.51.0.0/24' }],
    [{ bip: '10.51.0.1' }],
    [{ 'fixed-cidr': '10.9.9.0' }],
    [{ 'default-gateway': '10.9.9.0/24' }],
    [{ 'default-runtime': 'kata' }],
    [{ 'default-address-pools': [{ base: '10.80.0.0/16' }] }],
    [{ 'default-address-pools': [{ base: '10.80.0.0/16', size: 12 }] }],
  ])('nor a value that only its start would refuse: %j', (values) => {
    expect(refusedKeys(values, '20.10.24')).toEqual([]);
    expect(refusedValues(values)).toHaveLength(1);
  });

  it.each([
    [{ bip: '10.51.0.1/24', 'fixed-cidr': '10.51.0.130/25', 'default-gateway': '10.51.0.9' }],
    [{ 'default-runtime': 'nvidia', runtimes: { nvidia: {} } }],
    [{ 'default-runtime': 'io.containerd.runsc.v1' }],
    [{ 'default-address-pools': [{ base: '10.80.0.0/16', size: 24 }] }],
  ])('a value that Docker accepts: %j', (values) => {
    expect(refusedValues(values)).toEqual([]);
  });
});

it('a list in the file has another name on the command line', () => {
  expect(flagOfKey('hosts')).toEqual({ name: 'host', short: 'H' });
  expect(flagOfKey('insecure-registries')).toEqual({ name: 'insecure-registry' });
  expect(flagOfKey('debug')).toEqual({ name: 'debug', short: 'D', boolean: true });
  expect(flagOfKey('dns')).toEqual({ name: 'dns' });
  // Docker merges these.
  expect(flagOfKey('runtimes')).toBeUndefined();
});
