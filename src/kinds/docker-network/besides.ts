import type { NetworkSettings } from '../../changes/docker-network/change.ts';
import { bridgeName, bridgeOf, type DockerNetwork } from '../../facts/docker/daemon.ts';
import { networkAround, overlaps } from '../../net/cidr.ts';
import type { Problem } from '../define-kind.ts';

/** Whatever other network of Docker's has the bridge or a part of the range: Docker makes no second one. */
export function besides(settings: NetworkSettings, others: readonly DockerNetwork[]): Problem[] {
  return [...sameBridge(settings, others), ...sameRange(settings, others)];
}

function sameBridge({ options }: NetworkSettings, others: readonly DockerNetwork[]): Problem[] {
  const bridge = options[bridgeName];
  const owner = others.find((one) => bridge !== undefined && bridgeOf(one) === bridge);
  if (owner === undefined) return [];
  const isDefault = owner.name === 'bridge';
  return [
    {
      code: 'docker-bridge-taken',
      message: isDefault
        ? `${bridge} is the bridge of Docker's default network, and Docker takes one network on a bridge`
        : `${bridge} is the bridge of Docker's network '${owner.name}', and Docker takes one network on a bridge`,
      path: ['bridge'],
      hint: isDefault
        ? 'choose another bridge: containers on the default network are on this one already'
        : `choose another bridge, or remove that network first: docker network rm ${owner.name}`,
    },
  ];
}

function sameRange({ subnet = '' }: NetworkSettings, others: readonly DockerNetwork[]): Problem[] {
  const own = networkAround(subnet).value;
  // Those of a swarm have an address space of their own.
  const met = others.find((one) => {
    const range =
      one.subnet === undefined || one.driver === 'overlay' ? undefined : networkAround(one.subnet).value;
    return own !== undefined && range?.version === own.version && overlaps(range, own);
  });
  if (met === undefined) return [];
  return [
    {
      code: 'docker-range-taken',
      message: `${subnet} overlaps ${met.subnet} of Docker's network '${met.name}'`,
      path: ['subnet'],
      hint: `choose another range, or remove that network first: docker network rm ${met.name}`,
    },
  ];
}
