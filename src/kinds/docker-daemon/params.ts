import { dropInPath } from '../../facts/docker/files.ts';
import type { Problem } from '../define-kind.ts';
import type { Described } from '../described.ts';
import { iccNeedsFilters } from './foresight.ts';
import { outsideBip } from './network.ts';

/** A step's params. */
export interface Params {
  readonly bridge?: string;
  readonly bip?: string;
  readonly fixed_cidr?: string;
  readonly default_gateway?: string;
  readonly mtu?: number;
  readonly icc?: boolean;
  readonly iptables?: boolean;
  readonly state?: 'present' | 'absent';
}

/** Errors in a step's params, without a host. */
export function check({
  bridge,
  bip,
  fixed_cidr,
  default_gateway,
  icc,
  iptables,
  state,
}: Params): readonly Problem[] {
  if (state === 'absent') return [];
  const both: Problem[] =
    bridge === undefined || bip === undefined
      ? []
      : [
          {
            code: 'docker-bridge-and-bip',
            message: 'Docker takes either bridge or bip',
            path: ['bip'],
            hint: 'a bridge of your own has its address already: leave bip out',
          },
        ];
  const filters = icc === false && iptables === false ? [iccNeedsFilters('icc')] : [];
  return bip === undefined
    ? [...both, ...filters]
    : [...both, ...filters, ...outsideBip(bip, fixed_cidr, default_gateway)];
}

/** What a step makes, uses or removes. */
export function describes({ bridge, bip, fixed_cidr, mtu, state }: Params): readonly Described[] {
  const does = state === 'absent' ? 'removes' : 'makes';
  const own: Described[] = [
    { is: 'daemon', does, name: 'Docker' },
    { is: 'file', does, path: dropInPath, part: true },
  ];
  if (state === 'absent') return own;
  return [
    ...['docker.io', 'docker-ce'].map((name): Described => ({ is: 'package', does: 'uses', name })),
    ...own,
    ...(bip === undefined
      ? []
      : [{ is: 'link', does: 'uses', name: docker0, address: [bip], params: { address: 'bip' } } as const]),
    ...(bridge === undefined
      ? []
      : [{ is: 'link', does: 'uses', name: bridge, type: 'linux', params: { name: 'bridge' } } as const]),
    {
      is: 'network',
      does: 'makes',
      by: 'Docker',
      bridge,
      range: fixed_cidr,
      mtu,
      params: { range: 'fixed_cidr' },
      ...(bridge === undefined && bip === undefined
        ? { usual: { bridge: docker0, range: '172.17.0.0/16' } }
        : {}),
    },
  ];
}

/** Docker's own bridge. */
const docker0 = 'docker0';
