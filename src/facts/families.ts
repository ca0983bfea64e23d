import { containerFact } from './docker/container.ts';
import { containerAddressesFact } from './docker/container-addresses.ts';
import { dockerFact } from './docker/docker.ts';
import { swarmFact } from './docker/swarm.ts';
import type { FactQuery } from './fact.ts';
import { fileFact, fileHashFact } from './file.ts';
import { guardFact } from './guard.ts';
import { hostRunsFact } from './host-runs.ts';
import { identityFact } from './identity.ts';
import { ifupdownFact } from './ifupdown/ifupdown.ts';
import { interfacesFact } from './interfaces.ts';
import { iptablesFact } from './iptables.ts';
import { openVswitchModule } from './kernel-module.ts';
import { networkManagersFact } from './network-managers.ts';
import { osFact } from './os.ts';
import { ovsFact } from './ovs/ovs.ts';
import { packageFact } from './package.ts';
import { realPathFact } from './real-path.ts';
import { routesFact } from './routes.ts';
import { sshPathFact } from './ssh-path.ts';
import { sysctlFact } from './sysctl.ts';
import { udpPortFact } from './udp-port.ts';
import { unitFact } from './unit.ts';

/**
 * One query of every family of facts, with a key as its hosts have it. A family that isn't here is in no facts file and
 * in none of the tests that run over all families.
 */
export const everyFamily: readonly FactQuery<unknown>[] = [
  containerFact('web'),
  containerAddressesFact,
  dockerFact,
  fileFact('/etc/hosts'),
  fileHashFact('/etc/hosts'),
  guardFact({ unless: 'true' }),
  hostRunsFact,
  identityFact,
  ifupdownFact,
  interfacesFact,
  iptablesFact,
  openVswitchModule,
  networkManagersFact,
  osFact,
  ovsFact,
  packageFact('bash'),
  realPathFact('/etc/hosts'),
  routesFact,
  sshPathFact,
  swarmFact,
  sysctlFact('net.ipv4.ip_forward'),
  udpPortFact(4789),
  unitFact('a.service'),
];
