import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { parseYaml, type SourceDocument } from '../source/parse-yaml.ts';
import { readSource } from '../source/read-source.ts';
import { type Draft, draftAfter, unreadable } from './draft.ts';
import { groupTree } from './group-tree.ts';
import { GroupReader, type OnHosts } from './inventory-groups.ts';
import { buildHosts } from './inventory-hosts.ts';
import { inventorySchema } from './inventory-schema.ts';
import { notAnInventory } from './inventory-suspects.ts';
import { HostReader } from './mention-reader.ts';
import { readOverlays } from './overlay-spec.ts';
import { asMapping, type RawSettings } from './raw-inventory.ts';
import { soundParts, validateSchema } from './schema.ts';
import { readSecretNames } from './secret-names.ts';
import type { Group, Host, Inventory } from './types.ts';

interface RawInventory extends RawSettings {
  readonly secret?: readonly string[];
}

/** Reads and checks an inventory file; every problem of its text is reported at once. */
export function loadInventory(path: string): Draft<Inventory> {
  const source = readSource(path);
  if (source.value === undefined) return unreadable(source.diagnostics);
  const document = parseYaml(source.value);
  const suspect = notAnInventory(source.value, document.value?.data);
  if (suspect !== undefined) return unreadable([suspect]);
  if (document.value === undefined) return unreadable(document.diagnostics);
  return draftAfter(document.diagnostics, parseInventory(document.value));
}

/**
 * Settings apply in this order, and the last wins: the inventory's own, its groups' from the outermost to the
 * innermost (among groups of equal depth by name), the host's. `vars` and `ssh` merge key by key.
 */
export function parseInventory(document: SourceDocument): Draft<Inventory> {
  const { source, locate, data } = document;
  if (data === null) return unreadable([noHosts(document)]);
  const diagnostics = validateSchema(inventorySchema, data, locate);
  const root = asMapping(data);
  const lost = new Set<string>();

  const hostReader = new HostReader(locate, lost);
  const onHosts: OnHosts = (hosts, path, group) => hostReader.read(hosts, path, group);
  const groupReader = new GroupReader(locate, onHosts, lost);
  // In the file's order, since hosts are shown in that order.
  for (const key of Object.keys(root)) {
    if (key === 'hosts') hostReader.read(asMapping(root[key]), [key]);
    if (key === 'groups') groupReader.read(asMapping(root[key]), [key]);
  }
  groupReader.checkChildren();
  const tree = groupTree(groupReader.groups, locate);
  diagnostics.push(...groupReader.diagnostics, ...hostReader.diagnostics, ...tree.diagnostics);

  const { sound: settings, refused } = soundParts(inventorySchema, data, lost);
  // An unknown key may be a misspelt `hosts`.
  if (refused.some((key) => !['vars', 'ssh', 'become', 'secret'].includes(key))) lost.add('all');
  const overlays = readOverlays(root.overlays, locate, lost);
  const hosts = buildHosts({ mentions: hostReader.mentions, tree: tree.value, settings, document, lost });
  diagnostics.push(...overlays.diagnostics, ...hosts.diagnostics);
  // With an unreadable part, "no hosts" would only be its echo.
  if (hosts.value.size === 0 && !hasErrors(diagnostics)) diagnostics.push(noHosts(document));
  const groups = groupMembers(hosts.value, groupReader.groups.keys());
  diagnostics.push(...ambiguousNames(hosts.value, groups));
  // Without a tree it isn't known which groups a host is in.
  if (hosts.value.size === 0 || tree.value === undefined) return unreadable(diagnostics);
  const encrypted = source.secret ? [...hosts.value.values()].flatMap(({ vars }) => Object.keys(vars)) : [];
  const secret = readSecretNames((settings as RawInventory).secret, locate, encrypted);
  const sound = { path: source.path, hosts: hosts.value, groups, overlays: overlays.value, secret };
  return { ...(hasErrors(diagnostics) ? {} : { value: sound }), sound, lost, diagnostics };
}

function groupMembers(hosts: ReadonlyMap<string, Host>, names: Iterable<string>): ReadonlyMap<string, Group> {
  const members = new Map<string, string[]>([['all', []]]);
  for (const name of names) members.set(name, []);
  for (const host of hosts.values()) for (const group of host.groups) members.get(group)?.push(host.name);
  return new Map([...members].map(([name, ofGroup]) => [name, { name, hosts: ofGroup }]));
}

function ambiguousNames(hosts: ReadonlyMap<string, Host>, groups: ReadonlyMap<string, Group>): Diagnostic[] {
  return [...hosts.values()]
    .filter((host) => groups.has(host.name))
    .map(({ name, at }) => ({
      severity: 'warning',
      code: 'ambiguous-name',
      message: `'${name}' names a host and a group; a pattern with it means the group`,
      range: at,
    }));
}

function noHosts({ source }: SourceDocument): Diagnostic {
  return {
    severity: 'error',
    code: 'empty-inventory',
    message: 'the inventory has no hosts',
    range: { source, start: 0, end: 0 },
    hint: "write them under 'hosts', or under 'groups: { NAME: { hosts: … } }'",
  };
}
