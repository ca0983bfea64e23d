import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/diagnostics/nearest.ts';

const kinds = ['package', 'ovs_bridge', 'linux_bridge', 'ovs_tunnels', 'file', 'when', 'for_each'];

describe('nearest', () => {
  it.each([
    ['ovs_brigde', 'ovs_bridge'],
    ['ovsbridge', 'ovs_bridge'],
    ['OVS-Bridge', 'ovs_bridge'],
    ['packages', 'package'],
    ['pakcage', 'package'],
    ['ovs_tunnel', 'ovs_tunnels'],
    ['wehn', 'when'],
    ['foreach', 'for_each'],
    ['flie', 'file'],
  ])('suggests %s for %s', (word, expected) => {
    expect(nearest(word, kinds)).toBe(expected);
  });

  it.each(['docker', 'x', '', 'bridge', 'completely_different', 'fi'])('suggests nothing for %j', (word) => {
    expect(nearest(word, kinds)).toBeUndefined();
  });

  it('suggests the nearest, and the first of equals', () => {
    expect(nearest('web3', ['db1', 'web1', 'web2'])).toBe('web1');
    expect(nearest('docker11', ['docker2', 'docker1'])).toBe('docker1');
  });

  it('never suggests the word itself', () => {
    expect(nearest('web1', ['web1'])).toBeUndefined();
  });
});
