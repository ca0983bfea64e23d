import { isDeepStrictEqual } from 'node:util';
import { type Checked, type Diagnostic, error, hasErrors } from '../../diagnostics/diagnostic.ts';
import { describePlace } from '../../diagnostics/position.ts';
import type { Locate } from '../../source/locate.ts';
import { parseYaml, type SourceDocument } from '../../source/parse-yaml.ts';
import { readSource } from '../../source/read-source.ts';
import { type Draft, draftAfter, unreadable } from '../schema/draft.ts';
import { asMapping, type Body, type RawSettings } from '../schema/raw-inventory.ts';
import { usableParts, validateSchema } from '../schema/schema.ts';
import { readSecretNames, type SecretName } from '../secret-names.ts';
import type { Group, Host, Inventory, OverlaySpec } from '../types.ts';
import { foreignVars } from './foreign-vars.ts';
import { groupTree } from './group-tree.ts';
import { GroupReader, type OnHosts } from './inventory-groups.ts';
import { buildHosts } from './inventory-hosts.ts';
import { inventorySchema } from './inventory-schema.ts';
import { explainPath, notAnInventory } from './inventory-suspects.ts';
import { HostReader } from './mention-reader.ts';
import { readOverlays } from './overlay-spec.ts';
import { anchored } from './settings.ts';

interface RawInventory extends RawSettings {
  readonly secret?: readonly string[];
}

/**
 * Reads and validates inventory files, which are merged into one inventory; all errors in their texts are reported at
 * once.
 */
export function loadInventory(...paths: readonly string[]): Draft<Inventory> {
  const documents: SourceDocument[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const one = readDocument(path);
    diagnostics.push(...one.diagnostics);
    if (one.value !== undefined) documents.push(one.value);
  }
  if (documents.length < paths.length) return unreadable(diagnostics);
  return draftAfter(diagnostics, parseInventory(...documents));
}

function readDocument(path: string): Checked<SourceDocument> {
  const source = readSource(path);
  if (source.value === undefined) return { diagnostics: source.diagnostics.map((d) => explainPath(d, path)) };
  const document = parseYaml(source.value);
  const suspect = notAnInventory(source.value, document.value?.data);
  return suspect === undefined ? document : { diagnostics: [suspect] };
}

/**
 * Settings apply in this order, and the last wins: the inventory's own, its groups' from the outermost to the
 * innermost (by name at equal depth), the host's. `vars` and `ssh` merge key by key.
 *
 * Several documents are one inventory, as in Ansible: hosts and groups are merged, and if two documents set the same
 * key of a host, group or inventory, the later one wins. Two different overlays with one name are an error.
 */
export function parseInventory(...documents: readonly SourceDocument[]): Draft<Inventory> {
  const [first, ...more] = documents;
  const full = documents.flatMap((document, file) => (document.data === null ? [] : [{ ...document, file }]));
  if (first === undefined) return unreadable([]);
  if (full.length === 0) return unreadable([noHosts(first)]);
  const lost = new Set<string>();
  // A path begins with the number of its file.
  const locate: Locate = ([file = 0, ...path], part) => (documents[Number(file)] ?? first).locate(path, part);

  const hostReader = new HostReader(locate, lost);
  const onHosts: OnHosts = (hosts, path, group) => hostReader.read(hosts, path, group);
  const groupReader = new GroupReader(locate, onHosts, lost);
  const diagnostics: Diagnostic[] = [];
  const bodies: Body[] = [];
  const overlays = new Map<string, OverlaySpec>();
  const secret: SecretName[] = [];
  for (const { file, source, data, locate: inFile } of full) {
    diagnostics.push(...validateSchema(inventorySchema, data, inFile));
    const root = asMapping(data);
    // In file order, in which hosts are shown.
    for (const key of Object.keys(root)) {
      if (key === 'hosts') hostReader.read(asMapping(root[key]), [file, key]);
      if (key === 'groups') groupReader.read(asMapping(root[key]), [file, key]);
    }
    const { usable: settings, refused } = usableParts(inventorySchema, data, lost);
    // An unknown key may be a misspelt `hosts`.
    if (refused.some((key) => !['vars', 'ssh', 'become', 'secret'].includes(key))) lost.add('all');
    bodies.push({ settings: anchored<RawSettings>(settings, source.path), path: [file] });
    secret.push(...readSecretNames((settings as RawInventory).secret, inFile, []));
    const own = readOverlays(root.overlays, inFile, lost);
    diagnostics.push(...own.diagnostics, ...addOverlays(own.value.values(), overlays));
  }
  const ofHosts = [...hostReader.mentions.values()].flat();
  const ofGroups = [...groupReader.groups.values()].flatMap((group) => group.bodies);
  diagnostics.push(
    ...foreignVars(
      [...bodies, ...ofGroups, ...ofHosts.map(({ data, path }) => ({ settings: data, path }))],
      locate,
    ),
  );
  groupReader.checkChildren();
  const tree = groupTree(groupReader.groups, locate);
  diagnostics.push(...groupReader.diagnostics, ...hostReader.diagnostics, ...tree.diagnostics);

  const hosts = buildHosts({ mentions: hostReader.mentions, tree: tree.value, bodies, locate, lost });
  diagnostics.push(...hosts.diagnostics);
  // If a part can't be read, "no hosts" would only follow from it.
  if (hosts.value.size === 0 && !hasErrors(diagnostics)) diagnostics.push(noHosts(first));
  const groups = groupMembers(hosts.value, groupReader.groups.keys());
  diagnostics.push(...ambiguousNames(hosts.value, groups));
  // Without a tree, the groups of a host are unknown.
  if (hosts.value.size === 0 || tree.value === undefined) return unreadable(diagnostics);
  secret.push(...encryptedNames(hosts.value.values(), full));
  const usable: Inventory = {
    path: first.source.path,
    ...(more.length === 0 ? {} : { morePaths: more.map(({ source }) => source.path) }),
    hosts: hosts.value,
    groups,
    overlays,
    secret,
  };
  return { ...(hasErrors(diagnostics) ? {} : { value: usable }), usable, lost, diagnostics };
}

/** The variables whose values are in files that are encrypted as a whole. */
function encryptedNames(hosts: Iterable<Host>, documents: readonly SourceDocument[]): SecretName[] {
  const encrypted = documents.filter(({ source }) => source.secret);
  if (encrypted.length === 0) return [];
  const vars = [...hosts].flatMap((host) =>
    Object.keys(host.vars).map((name) => ({ name, source: host.varsAt([name]).source })),
  );
  return encrypted.flatMap(({ source, locate }) => {
    const names = vars.filter((one) => one.source === source).map(({ name }) => name);
    return readSecretNames(undefined, locate, names);
  });
}

/** The overlays of a further file. An equal definition is not a second one. */
function addOverlays(added: Iterable<OverlaySpec>, overlays: Map<string, OverlaySpec>): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const overlay of added) {
    const other = overlays.get(overlay.name);
    if (other === undefined) overlays.set(overlay.name, overlay);
    else if (!isDeepStrictEqual({ ...overlay, at: undefined }, { ...other, at: undefined })) {
      const message = `the overlay '${overlay.name}' is in two inventories that differ`;
      const hint = `keep one of them; the other is at ${describePlace(other.at())}`;
      diagnostics.push(error('duplicate-overlay', message, overlay.at(), hint));
    }
  }
  return diagnostics;
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
