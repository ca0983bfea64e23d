import { codes } from './code-entry.ts';

const inactive = '{ state: inactive, manager: false, address: "", managers: [], liveRestore: false }';
const step = 'swarm: { manager: docker1, manager_address: 192.0.2.11 }';

/** What keeps hosts from becoming one Docker swarm, and a host from getting what another one gives it. */
export const swarmCodes = codes({
  'swarm-elsewhere': {
    severity: 'error',
    title: 'The host is in another swarm',
    cause:
      'A host is in one swarm at a time, and its services end when it leaves it. meshbook makes no host leave a swarm.',
    mend: 'If nobody needs that swarm, leave it by hand with `docker swarm leave`. Otherwise take the host out of the step, or correct the address of the manager.',
    example: {
      playbook: ` hosts: docker1\n steps:\n   - ${step}`,
      facts: `-docker1: { docker_swarm: { state: active, manager: true, address: 192.0.2.99, managers: ["192.0.2.99:2377"], liveRestore: false } }\n+docker1: { docker_swarm: ${inactive} }`,
    },
  },
  'swarm-needs-daemon': {
    severity: 'error',
    title: 'Docker does not run',
    cause: 'Only a running daemon makes a swarm or joins one, and meshbook starts none without being told.',
    mend: 'Start it with a `service` step before this one.',
    example: {
      playbook: ` hosts: docker1\n steps:\n+  - service: { name: docker, state: started }\n   - ${step}`,
      facts:
        ' docker1: { docker_swarm: { state: stopped, manager: false, address: "", managers: [], liveRestore: false } }',
    },
  },
  'swarm-and-live-restore': {
    severity: 'error',
    title: 'Docker runs with live-restore',
    cause: 'A daemon whose containers outlive it (`live-restore`) joins no swarm.',
    mend: 'Remove `live-restore` from daemon.json, and restart Docker.',
    example: {
      playbook: ` hosts: docker1\n steps:\n   - ${step}`,
      facts: `-docker1: { docker_swarm: { state: inactive, manager: false, address: "", managers: [], liveRestore: true } }\n+docker1: { docker_swarm: ${inactive} }`,
    },
  },
  'value-never-given': {
    severity: 'error',
    title: 'A step needs a value that no host gives before',
    cause:
      "Some values, such as the join token of a swarm, are known only to the host that makes them, and only during the run. A step waits for one until the other host's step has given it. Here no step of the run gives it, or hosts wait for each other in a circle.",
    mend: 'Let the run include the host that gives the value: extend `hosts`, `--limit`, `--tags` or `--start-at`. In a circle, change the order of the steps.',
    example: {
      inventory: ' hosts:\n   docker1: { address: 192.0.2.11 }\n   docker2: { address: 192.0.2.12 }',
      playbook: `-hosts: docker2\n+hosts: docker1,docker2\n steps:\n   - ${step}`,
      facts: ` all: { docker_swarm: ${inactive} }`,
    },
  },
});
