import {
  type Checked,
  type Diagnostic,
  hasErrors,
  type SourceFile,
  warning,
} from '../../diagnostics/diagnostic.ts';
import { InvalidInput } from '../../diagnostics/errors.ts';
import { sortDiagnostics } from '../../diagnostics/sort.ts';
import type { Facts } from '../../facts/fact.ts';
import type { Leases } from '../../ipam/leases.ts';
import { leasesPath, readLeases } from '../../ipam/leases-file.ts';
import { tidy } from '../../json/records.ts';
import { kinds } from '../../kinds/registry.ts';
import { loadInventory } from '../../model/inventory/inventory.ts';
import { loadPlaybook } from '../../model/playbook/playbook.ts';
import type { Inventory, Playbook } from '../../model/types.ts';
import { errorsIn, type Resolution, resolvePlay } from '../../resolve/resolve-play.ts';
import { secrets } from '../../secrets/masker.ts';
import type { Io } from '../output/io.ts';
import { showDiagnostics } from '../output/show-error.ts';
import { readExtraVars } from './extra-vars.ts';
import { ignoredFiles } from './ignored-files.ts';
import type { ConnectOptions, PlayOptions } from './options.ts';

const kindNames = { has: (name: string) => kinds.has(name), names: () => [...kinds.keys()] };

/** A playbook with its inventory, read and validated, to be resolved. */
export interface LoadedPlay {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly leasesPath: string;
  /** As in the file. */
  readonly leases: Leases;
  /** Everything that can be reported without facts; errors among it make `resolve` useless. */
  readonly diagnostics: readonly Diagnostic[];
  resolve(facts?: ReadonlyMap<string, Facts>): Checked<Resolution>;
}

/**
 * Reads all the user's files and options, and collects all errors. Connects to nothing. `peers` as for `resolvePlay`.
 */
export async function loadPlay(
  playbookPath: string,
  options: PlayOptions & Pick<ConnectOptions, 'become'>,
  { peers = false } = {},
): Promise<LoadedPlay> {
  const [inventoryPath, ...more] = [options.inventory ?? []].flat();
  if (inventoryPath === undefined) {
    throw new InvalidInput([
      {
        severity: 'error',
        code: 'no-inventory',
        message: 'no inventory given',
        hint: 'use -i FILE, or set MESHBOOK_INVENTORY',
      },
    ]);
  }
  const shortBefore = secrets.tooShort.length;
  const inventory = loadInventory(inventoryPath, ...more);
  const playbook = loadPlaybook(playbookPath, kindNames);
  const leases = await readLeases(leasesPath(inventoryPath));
  const extraVars = readExtraVars(options.extraVars, options.secretVars);
  const choice = tidy({ tags: options.tags, skipTags: options.skipTags, limit: options.limit });
  if (!inventory.value || !playbook.value || !leases.value || !extraVars.value)
    throw new InvalidInput(errorsIn({ inventory, playbook, leases, extraVars, ...choice }));

  const diagnostics = [inventory, playbook, leases, extraVars].flatMap((part) => part.diagnostics);
  const inputs = {
    inventory: options.become ? withBecome(inventory.value) : inventory.value,
    playbook: playbook.value,
    leases: leases.value,
    extraVars: extraVars.value,
    peers,
    ...choice,
  };
  const resolve = (facts?: ReadonlyMap<string, Facts>) => resolvePlay(inputs, facts);
  const first = resolve();
  return {
    inventory: inputs.inventory,
    playbook: inputs.playbook,
    leasesPath: leasesPath(inventoryPath),
    leases: inputs.leases,
    diagnostics: [
      ...diagnostics,
      ...first.diagnostics,
      ...tooShort(shortBefore),
      ...ignoredFiles(filesOf(inputs)),
    ],
    // The first result is valid while no facts are needed.
    resolve: (facts) => (facts === undefined ? first : resolve(facts)),
  };
}

/** Warnings about secrets that have been used since and are too short to mask. */
function tooShort(before: number): Diagnostic[] {
  const message = 'this secret is too short or too common to be masked, and is shown';
  return sortDiagnostics(
    secrets.tooShort.slice(before).map((at) => warning('secret-too-short', message, at)),
  );
}

/** The inventory's files that name hosts, and the playbook's. */
function filesOf({ inventory, playbook }: Pick<LoadedPlay, 'inventory' | 'playbook'>): SourceFile[] {
  const hosts = [...inventory.hosts.values()].map(({ at }) => at.source);
  return [...new Set([...hosts, playbook.hostsAt.source])];
}

/** The resolution, with warnings shown. @throws InvalidInput if there is an error among the diagnostics. */
export function mustResolve(play: LoadedPlay, io: Io): Resolution {
  const { value } = play.resolve();
  if (value === undefined || hasErrors(play.diagnostics)) throw new InvalidInput(play.diagnostics);
  showDiagnostics(play.diagnostics, io);
  return value;
}

/** The play with the hosts' facts. @throws InvalidInput */
export function resolveWith(play: LoadedPlay, facts: ReadonlyMap<string, Facts>): Resolution {
  const { value, diagnostics } = play.resolve(facts);
  if (value === undefined) throw new InvalidInput(diagnostics);
  return value;
}

function withBecome(inventory: Inventory): Inventory {
  return {
    ...inventory,
    hosts: new Map([...inventory.hosts].map(([name, host]) => [name, { ...host, become: true }])),
  };
}
