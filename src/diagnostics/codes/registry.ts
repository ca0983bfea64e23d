import type { CodeEntry } from './code-entry.ts';
import { containerCodes } from './containers.ts';
import { dockerCodes } from './docker.ts';
import { dockerNetworkCodes } from './docker-networks.ts';
import { fleetCodes } from './fleets.ts';
import { hostCodes } from './hosts.ts';
import { inventoryCodes } from './inventory.ts';
import { networkCodes } from './networks.ts';
import { overlayCodes } from './overlays.ts';
import { playbookCodes } from './playbook.ts';
import { savedCodes } from './saved.ts';
import { secretCodes } from './secrets.ts';
import { shapeCodes } from './shapes.ts';
import { stepCodes } from './steps.ts';
import { swarmCodes } from './swarm.ts';
import { templateCodes } from './templates.ts';
import { worldCodes } from './world.ts';
import { yamlCodes } from './yaml.ts';

/** All codes by theme, in the order of docs/diagnostics.md. Only code that explains codes loads the texts. */
export const themes = [
  { title: 'Files and YAML', codes: yamlCodes },
  { title: 'Inventories and values', codes: inventoryCodes },
  { title: 'Playbooks', codes: playbookCodes },
  { title: 'Templates and variables', codes: templateCodes },
  { title: 'Secrets', codes: secretCodes },
  { title: 'Overlays', codes: overlayCodes },
  { title: 'Shapes and loops', codes: shapeCodes },
  { title: 'Networks as a whole', codes: networkCodes },
  { title: 'Hosts together', codes: fleetCodes },
  { title: 'Steps', codes: stepCodes },
  { title: 'Steps on a host as it is', codes: hostCodes },
  { title: 'Docker before its restart', codes: dockerCodes },
  { title: 'Docker networks', codes: dockerNetworkCodes },
  { title: 'Swarms, and values between hosts', codes: swarmCodes },
  { title: 'Interfaces in containers', codes: containerCodes },
  { title: 'Stored facts and plans', codes: savedCodes },
  { title: 'Hosts and runs', codes: worldCodes },
] as const;

type KeyOf<T> = T extends unknown ? keyof T : never;

/** The codes of diagnostics; a code that isn't in the registry doesn't compile. */
export type Code = KeyOf<(typeof themes)[number]['codes']>;

/** Every entry by code. */
export const registry: ReadonlyMap<string, CodeEntry> = new Map(
  themes.flatMap((theme): [string, CodeEntry][] => Object.entries(theme.codes)),
);
