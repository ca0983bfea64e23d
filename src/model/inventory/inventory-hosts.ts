import type { Diagnostic, SourceRange } from '../../diagnostics/diagnostic.ts';
import { allowance } from '../../source/allowance.ts';
import type { Locate } from '../../source/locate.ts';
import type { LostNames } from '../schema/draft.ts';
import { formats } from '../schema/formats.ts';
import type { Body, Mention } from '../schema/raw-inventory.ts';
import type { Host, HostOverlayOverride, SshSettings } from '../types.ts';
import type { GroupTree } from './group-tree.ts';
import { type MergedHost, mergeMentions } from './host-mentions.ts';
import { duplicateAddresses } from './inventory-addresses.ts';
import { mergeSettings, readSsh, type Settings } from './settings.ts';

interface Parts {
  readonly mentions: ReadonlyMap<string, readonly [Mention, ...Mention[]]>;
  /** Undefined if groups contain themselves: then hosts have only their own settings. */
  readonly tree: GroupTree | undefined;
  /** The settings of all hosts, in the order of the files. */
  readonly bodies: readonly Body[];
  readonly locate: Locate;
  /** Includes hosts whose address was refused. */
  readonly lost: LostNames;
}

/** What a host inherits from its groups; hosts of the same groups share it. */
interface Inherited {
  readonly groups: readonly string[];
  readonly settings: Settings;
  /** The number of variables in `settings`: counted once, not for every host. */
  readonly variables: number;
  readonly ssh: SshSettings;
  /** From the outermost layer, in the order in which they apply. */
  readonly layers: readonly Body[];
}

/** Hosts with everything that they inherit, in file order; none if they exceed the limits of an inventory. */
export function buildHosts(parts: Parts): {
  value: ReadonlyMap<string, Host>;
  diagnostics: readonly Diagnostic[];
} {
  const { locate } = parts;
  const inheritedBy = inheritance(parts);
  const hosts = new Map<string, Host>();
  const addresses = new Map<Host, SourceRange>();
  const diagnostics: Diagnostic[] = [];
  let variables = 0;
  for (const [name, mentions] of parts.mentions) {
    const merged = mergeMentions(name, mentions, locate);
    diagnostics.push(...merged.diagnostics);
    const inherited = inheritedBy(mentions);
    variables += inherited.variables + Object.keys(merged.value.data.vars ?? {}).length;
    if (variables > allowance.hostVariables) {
      const at = locate(merged.value.placeOf([]), 'key');
      return { value: new Map(), diagnostics: [...diagnostics, tooManyVariables(at)] };
    }
    const host = buildHost(name, merged.value, inherited, locate);
    // A host's name is its default address, and may not be a valid one.
    const nameIsAddress = merged.value.data.address === undefined && !parts.lost.has(name);
    const problem = nameIsAddress ? formats['host-address']?.(name) : undefined;
    if (problem !== undefined)
      diagnostics.push({ severity: 'error', code: 'invalid-name', message: problem, range: host.at });
    hosts.set(name, host);
    addresses.set(host, placeOfKey(merged.value, 'address', locate));
  }
  const addressed = [...hosts.values()].filter((host) => !parts.lost.has(host.name));
  diagnostics.push(...duplicateAddresses(addressed, (host) => addresses.get(host) ?? host.at));
  return { value: hosts, diagnostics };
}

function tooManyVariables(range: SourceRange): Diagnostic {
  const most = allowance.hostVariables.toLocaleString('en');
  return {
    severity: 'error',
    code: 'too-many-variables',
    message: `the hosts up to this one have more than ${most} variables, those from their groups included`,
    hint: 'define fewer variables, or split the inventory',
    range,
  };
}

function inheritance({ tree, bodies }: Parts): (mentions: readonly Mention[]) => Inherited {
  const known = new Map<unknown, Inherited>();
  return (mentions) => {
    const lineage = tree?.lineage(mentions.flatMap((mention) => mention.group ?? [])) ?? [];
    let inherited = known.get(lineage);
    if (inherited === undefined) {
      const layers = [...bodies, ...lineage.flatMap((group) => group.bodies)];
      const merged = mergeSettings(layers.map((layer) => layer.settings));
      const groups = ['all', ...lineage.map((group) => group.name)];
      const variables = Object.keys(merged.vars).length;
      inherited = { groups, settings: merged, variables, ssh: readSsh(merged.ssh), layers };
      known.set(lineage, inherited);
    }
    return inherited;
  };
}

function buildHost(name: string, merged: MergedHost, inherited: Inherited, locate: Locate): Host {
  const { data, placeOf } = merged;
  const address = data.address ?? name;
  const own = mergeSettings([inherited.settings, data]);
  const underlayKey = data.underlay_address !== undefined ? 'underlay_address' : 'address';
  return {
    name,
    at: locate(placeOf([]), 'key'),
    groups: inherited.groups,
    address,
    underlayAddress: data.underlay_address ?? address,
    underlayAt: placeOfKey(merged, underlayKey, locate),
    ssh: data.ssh ? readSsh(own.ssh) : inherited.ssh,
    become: own.become,
    vars: own.vars,
    varsAt: locateVars(merged, inherited.layers, locate),
    overlays: overridesOf(merged, locate),
  };
}

/** The innermost definition of a variable is the one that counts. */
function locateVars({ data, placeOf }: MergedHost, layers: readonly Body[], locate: Locate): Locate {
  return (path, part) => {
    const [name = '', ...inner] = path;
    if (Object.hasOwn(data.vars ?? {}, name)) return locate([...placeOf(['vars', name]), ...inner], part);
    const layer = layers.findLast(({ settings }) => Object.hasOwn(settings.vars ?? {}, name));
    return layer === undefined ? locate(placeOf([]), 'key') : locate([...layer.path, 'vars', ...path], part);
  };
}

function placeOfKey(
  { data, placeOf }: MergedHost,
  key: 'address' | 'underlay_address',
  locate: Locate,
): SourceRange {
  return data[key] === undefined ? locate(placeOf([]), 'key') : locate(placeOf([key]));
}

function overridesOf({ data, placeOf }: MergedHost, locate: Locate): Record<string, HostOverlayOverride> {
  const overrides: Record<string, HostOverlayOverride> = {};
  for (const [name, raw] of Object.entries(data.overlays ?? {})) {
    overrides[name] = {
      ...(raw.fixed_cidr === undefined ? {} : { fixedCidr: raw.fixed_cidr }),
      ...(raw.bridge_address === undefined ? {} : { bridgeAddress: raw.bridge_address }),
      at: (key) =>
        key === undefined
          ? locate(placeOf(['overlays', name]), 'key')
          : locate(placeOf(['overlays', name, key])),
    };
  }
  return overrides;
}
