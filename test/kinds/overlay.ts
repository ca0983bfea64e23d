import type { HostOverlay } from '../../src/model/host-overlay.ts';

/** An overlay as one of its hosts, docker1, sees it, with a test's differences. */
export function hostOverlay(more: Partial<HostOverlay> = {}): HostOverlay {
  return {
    name: 'lab',
    cidr: '10.11.12.0/24',
    tunnel: 'gre',
    mtu: 1462,
    bridgeAddress: '10.11.12.1/24',
    fixedCidr: '10.11.12.16/28',
    underlayAddress: '10.98.0.11',
    underlayMtu: 1500,
    peers: [],
    protection: 'protected',
    ...more,
  };
}
