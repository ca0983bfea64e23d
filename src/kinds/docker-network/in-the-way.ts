import type { NetworkSettings } from '../../changes/docker-network/change.ts';
import type { DockerNetwork } from '../../facts/docker/daemon.ts';
import type { NetworkMember } from '../../facts/docker/members.ts';
import type { Problem } from '../define-kind.ts';
import { isWithin } from './compare.ts';

/** Stopped containers too: they would not start any more. */
export function inUse(name: string, members: readonly NetworkMember[]): Problem[] {
  if (members.length === 0) return [];
  const containers = members.map(({ container, running }) =>
    running ? container : `${container} (stopped)`,
  );
  return [
    {
      code: 'docker-network-in-use',
      message: `containers are on Docker's network '${name}': ${containers.join(', ')}`,
      path: ['name'],
      hint: `remove them, or take them off it: docker network disconnect ${name} CONTAINER`,
    },
  ];
}

export function foreign(name: string, differing: string | undefined): Problem {
  const how = differing === undefined ? '' : `, and ${differing} differ`;
  return {
    code: 'docker-network-foreign',
    message: `meshbook did not make Docker's network '${name}'${how}`,
    path: ['name'],
    hint:
      differing === undefined
        ? `remove it by hand if nobody needs it: docker network rm ${name}`
        : `choose another name, or remove that network first: docker network rm ${name}`,
  };
}

export function notRestorable({ name, other = [] }: DockerNetwork): Problem[] {
  if (other.length === 0) return [];
  return [
    {
      code: 'docker-network-not-restorable',
      message: `Docker's network '${name}' has settings that meshbook can't restore: ${other.join(', ')}`,
      path: ['name'],
    },
  ];
}

/** Containers whose fixed address the network wouldn't have any more. */
export function elsewhere({ name, members = [] }: DockerNetwork, { subnet }: NetworkSettings): Problem[] {
  const outside = members.flatMap(({ container, address }) =>
    address === undefined || isWithin(address, subnet) ? [] : [`${container} (${address})`],
  );
  if (outside.length === 0) return [];
  return [
    {
      code: 'docker-network-address',
      message: `containers on Docker's network '${name}' have fixed addresses outside ${subnet}: ${outside.join(', ')}`,
      path: ['subnet'],
      hint: 'give them other addresses first, or take them off the network',
    },
  ];
}
