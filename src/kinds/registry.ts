import bridgeUplink from './bridge-uplink/kind.ts';
import command from './command.ts';
import containerNic from './container-nic/kind.ts';
import type { Kind } from './define-kind.ts';
import dockerDaemon from './docker-daemon/kind.ts';
import dockerNetwork from './docker-network/kind.ts';
import file from './file/kind.ts';
import interfacesFile from './interfaces-file/kind.ts';
import linuxBridge from './linux-bridge.ts';
import ovsBridge from './ovs-bridge.ts';
import ovsTunnels from './ovs-tunnels/kind.ts';
import packageKind from './package.ts';
import service from './service.ts';
import swarm from './swarm.ts';
import sysctl from './sysctl.ts';

/** Every step kind, by name. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [
    bridgeUplink,
    command,
    containerNic,
    dockerDaemon,
    dockerNetwork,
    file,
    interfacesFile,
    linuxBridge,
    ovsBridge,
    ovsTunnels,
    packageKind,
    service,
    swarm,
    sysctl,
  ].map((kind) => [kind.name, kind]),
);
