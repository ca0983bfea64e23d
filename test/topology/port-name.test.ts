import fc from 'fast-check';
import { expect, it } from 'vitest';
import { portName } from '../../src/topology/port-name.ts';

it.each([
  ['lab', 'docker2', 'lab-docker2'],
  ['lab', 'docker-0002', 'lab-docker-0002'], // 15 characters
])('overlay %s towards %s: %s', (overlay, peer, port) => {
  expect(portName(overlay, peer)).toBe(port);
});

it.each([
  ['too long', 'lab', 'docker-00002', /^docker_[0-9a-v]{8}$/],
  ['a domain name', 'lab', 'd1.x.org', /^d1xorg_[0-9a-v]{8}$/],
  ['an IPv6 address', 'lab', 'fd00::1', /^fd001_[0-9a-v]{8}$/],
  ['an overlay with a hyphen', 'a-b', 'c', /^c_[0-9a-v]{8}$/],
  ['no letter at all', 'lab', '--.--', /^_[0-9a-v]{8}$/],
])('%s becomes a hash with a readable beginning', (_, overlay, peer, pattern) => {
  expect(portName(overlay, peer)).toMatch(pattern);
});

it('never changes: another name would recreate every port in use', () => {
  expect(portName('production', 'docker-host-17')).toBe('docker_914k2jrg');
});

it('fits an interface and is unique per overlay and peer', () => {
  const name = fc.stringMatching(/^[ab-]{1,4}$|^[a-c][a-c.-]{5,14}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, name), { selector: (pair) => pair.join('/'), maxLength: 30 }),
      (pairs) => {
        const ports = pairs.map(([overlay, peer]) => portName(overlay, peer));
        for (const port of ports) expect(port).toMatch(/^[A-Za-z0-9_-]{1,15}$/);
        expect(new Set(ports).size).toBe(ports.length);
      },
    ),
  );
});
