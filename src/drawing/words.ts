import type { LinkState } from './ends.ts';
import type { HostState, NetworkOverlay } from './network.ts';

/** Each state's sign, so that colour is never the only difference. */
export const linkSigns: Readonly<Record<LinkState, string>> = {
  unchanged: '=',
  create: '+',
  update: '~',
  delete: '−',
  unknown: '?',
  absent: '',
};

export const linkWords: Readonly<Record<LinkState, string>> = {
  unchanged: 'stays as it is',
  create: 'is made',
  update: 'is changed',
  delete: 'is removed',
  unknown: 'not known',
  absent: 'not there',
};

export const hostSigns: Readonly<Record<HostState, string>> = {
  plain: '',
  unchanged: '=',
  changes: '±',
  unknown: '?',
  unreachable: '✕',
  outside: '·',
  peer: '!',
  gone: '−',
};

export const hostWords: Readonly<Record<HostState, string>> = {
  plain: '',
  unchanged: 'no change',
  changes: 'will be changed',
  unknown: 'not known before the run',
  unreachable: 'unreachable',
  outside: 'not selected',
  peer: 'would also change',
  gone: 'no longer in the network',
};

/** `GRE with key 7, 10.11.12.0/24, MTU 1458`. */
export function overlayWords({ tunnel, key, cidr, mtu }: NetworkOverlay): string {
  const type = { gre: 'GRE', vxlan: 'VXLAN', geneve: 'Geneve' }[tunnel] ?? tunnel;
  return `${type}${key === undefined ? '' : ` with key ${key}`}, ${cidr}, MTU ${mtu}`;
}
