import type { DockerNetwork } from '../../facts/docker/daemon.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { type Facts, UnknownFact } from '../../facts/fact.ts';
import { unitFact } from '../../facts/unit.ts';
import type { Problem } from '../define-kind.ts';

/** Docker's networks; of a Docker that doesn't run nobody knows them, and no plan starts it. */
export function networksOf(
  state: 'present' | 'absent' | undefined,
  facts: Facts,
): readonly DockerNetwork[] | { readonly problem: Problem } {
  const { installed, active, daemon } = facts.get(dockerFact);
  if (daemon !== null) return daemon.networks;
  const unit = facts.get(unitFact('docker.service'));
  if (!installed) {
    if (state === 'absent') return [];
    return {
      problem:
        unit?.load === 'masked'
          ? {
              code: 'unit-masked',
              message: 'docker.service is masked, so that Docker cannot be started',
              hint: 'systemctl unmask docker',
            }
          : {
              code: 'needs-docker',
              message: 'Docker is not installed: there is no docker.service',
              hint: "install it first, for example with a step 'package: { name: docker.io }'",
            },
    };
  }
  if (active === 'activating') throw new UnknownFact('Docker is just starting');
  return {
    problem: {
      code: 'docker-not-running',
      message: 'Docker does not run, and its networks are not known',
      hint: 'start it first: systemctl start docker; a step that starts it must be in an earlier run',
    },
  };
}
