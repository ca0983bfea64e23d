import { codes } from './code-entry.ts';

/** Docker as it runs, with these networks besides its own. */
function docker(networks: string): string {
  return `docker: { installed: true, active: active, enabled: true, units: [{ path: /lib/systemd/system/docker.service, text: "[Service]\\nExecStart=/usr/sbin/dockerd\\n" }], environment: [], daemon: { argv: [/usr/sbin/dockerd], liveRestore: false, containers: [], networks: [${networks}] } }`;
}

function mesh(more: string): string {
  return `{ name: mesh, driver: bridge, options: { com.docker.network.bridge.name: newbridge, com.docker.network.bridge.inhibit_ipv4: "true" }, subnet: 10.11.12.0/24, gateway: 10.11.12.1, ${more} }`;
}

const ours = 'labels: { meshbook: docker_network }';
const bridge = ' hosts: all\n steps:\n   - linux_bridge: { name: newbridge, address: 10.11.12.1/24 }\n';
const onBridge = `${bridge}   - docker_network: { name: mesh, bridge: newbridge }`;

/** What keeps a network of Docker's from being made, changed or removed. */
export const dockerNetworkCodes = codes({
  'docker-network-params': {
    severity: 'error',
    title: "These params of a Docker network don't go together",
    cause:
      'The driver needs a param or has no use for it, an address is outside the subnet, or an option is set twice. Docker would refuse the network, or make another one than you want.',
    mend: 'Follow the message; `meshbook kinds docker_network` lists the params.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - docker_network: { name: lan, driver: macvlan, parent: eth1, subnet: 198.51.100.0/24, gateway: 10.0.0.1 }\n+  - docker_network: { name: lan, driver: macvlan, parent: eth1, subnet: 198.51.100.0/24, gateway: 198.51.100.1 }',
      facts: ` all:\n   ${docker('')}`,
    },
  },
  'docker-not-running': {
    severity: 'error',
    title: "Docker doesn't run",
    cause: 'Only a running Docker tells of its networks, and a plan starts nothing.',
    mend: 'Start it. A `service` step that starts it must be applied in an earlier run.',
    example: {
      playbook: onBridge,
      facts: `-all: {}\n+all:\n+  ${docker('')}`,
    },
  },
  'docker-network-foreign': {
    severity: 'error',
    title: 'Docker has a network of that name that meshbook did not make',
    cause:
      "It has other settings than the step asks for, or it is to be removed, and it lacks meshbook's label. Someone else may need it as it is.",
    mend: 'Choose another name, remove the network by hand, or give the step the settings that it has.',
    example: {
      playbook: onBridge,
      facts: `-all:\n-  ${docker(mesh('internal: true'))}\n+all:\n+  ${docker(mesh(''))}`,
    },
  },
  'docker-network-in-use': {
    severity: 'error',
    title: 'Containers are on the network that is to be removed',
    cause: 'Running ones would be cut off, and stopped ones would not start any more.',
    mend: 'Remove the containers, or take them off the network with `docker network disconnect`.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_network: { name: mesh, state: absent }',
      facts: `-all:\n-  ${docker(mesh(`${ours}, members: [{ container: web, running: true }]`))}\n+all:\n+  ${docker(mesh(ours))}`,
    },
  },
  'docker-network-not-restorable': {
    severity: 'error',
    title: "The network has settings that meshbook can't restore",
    cause:
      'To change or remove it, meshbook must be able to make it again as it is. Someone has made it with more.',
    mend: 'Remove the network by hand; the step then makes it.',
    example: {
      playbook: ' hosts: all\n steps:\n   - docker_network: { name: mesh, state: absent }',
      facts: `-all:\n-  ${docker(mesh(`${ours}, other: [IPv6]`))}\n+all:\n+  ${docker(mesh(ours))}`,
    },
  },
  'docker-network-address': {
    severity: 'error',
    title: 'A container has a fixed address outside the new subnet',
    cause:
      'The network has to be made anew, and the container could not be connected again with the address that was given to it by `--ip`.',
    mend: 'Give the container another address, or take it off the network, first.',
    example: {
      playbook: onBridge,
      facts: `-all:\n-  ${docker(mesh(`${ours}, members: [{ container: web, running: true, address: 10.9.0.5 }]`).replace('10.11.12.0/24', '10.9.0.0/24'))}\n+all:\n+  ${docker(mesh(`${ours}, members: [{ container: web, running: true }]`).replace('10.11.12.0/24', '10.9.0.0/24'))}`,
    },
  },
});
