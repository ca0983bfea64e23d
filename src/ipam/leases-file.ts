import writeFileAtomic from 'write-file-atomic';
import { told } from '../diagnostics/bounded.ts';
import type { Checked, Diagnostic, SourceFile } from '../diagnostics/diagnostic.ts';
import { RunError } from '../diagnostics/errors.ts';
import { parseJson, TooDeep } from '../files/parse-json.ts';
import { OutsideProject, readInProject, targetInFolder } from '../files/project.ts';
import { UnfitFile } from '../files/read-file.ts';
import { tidy } from '../json/records.ts';
import { parseAddress } from '../net/address.ts';
import { parseCidr } from '../net/cidr.ts';
import type { Lease, Leases, OverlayLeases } from './leases.ts';
import { naturalOrder } from './natural-order.ts';

const VERSION = 1;

/** 100,000 leases are 12 MB. */
const maxLeasesBytes = 64 * 1024 * 1024;

/** Maximum characters of a value in a message. */
const mostShown = 60;

/** Beside the inventory: the leases of `lab.yml` are in `lab.leases.json`. */
export function leasesPath(inventoryPath: string): string {
  return `${inventoryPath.replace(/\.(ya?ml|json)$/i, '')}.leases.json`;
}

/**
 * A missing file means no leases. The user hasn't typed its name, so a link must not lead out of the project.
 * @throws RunError if the file exists and can't be read.
 */
export async function readLeases(path: string): Promise<Checked<Leases>> {
  let text: string;
  try {
    text = readInProject(path, path, maxLeasesBytes).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { value: new Map(), diagnostics: [] };
    const { message } = cause as Error;
    if (cause instanceof OutsideProject)
      throw new RunError('state', `the leases' file ${message}`, { cause, hint: cause.hint });
    const why =
      cause instanceof UnfitFile
        ? `the leases' file ${path} ${message}`
        : `can't read the leases in ${path}: ${message}`;
    throw new RunError('state', why, { cause });
  }
  return parseLeases({ path, text });
}

/** Replaces the file whole or not at all. Throws RunError if it can't be written. */
export async function writeLeases(path: string, leases: Leases): Promise<void> {
  try {
    await writeFileAtomic(targetInFolder(path), formatLeases(leases));
  } catch (cause) {
    throw new RunError('state', `can't write the leases to ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Equal leases give equal bytes, one value a line, for version control. */
export function formatLeases(leases: Leases): string {
  const overlays = sorted(leases, (hosts) =>
    sorted(hosts, ({ bridgeAddress, fixedCidr, replaced }) => ({
      bridge_address: bridgeAddress,
      fixed_cidr: fixedCidr,
      replaced,
    })),
  );
  return `${JSON.stringify({ version: VERSION, overlays }, undefined, 2)}\n`;
}

function sorted<T>(map: ReadonlyMap<string, T>, toJson: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries(naturalOrder(map.keys()).map((key) => [key, toJson(map.get(key) as T)]));
}

export function parseLeases(source: SourceFile): Checked<Leases> {
  let json: unknown;
  try {
    json = parseJson(source.text);
  } catch (error) {
    if (error instanceof TooDeep) return { diagnostics: [damaged(source, error.message, error.position)] };
    const { message } = error as Error;
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
    return { diagnostics: [damaged(source, `it isn't JSON: ${message}`, position)] };
  }
  if (isRecord(json) && json.version !== VERSION && json.version !== undefined) {
    return { diagnostics: [otherVersion(source, json.version)] };
  }
  if (!isRecord(json) || json.version !== VERSION || !isRecord(json.overlays)) {
    return { diagnostics: [damaged(source, 'it holds no version and overlays')] };
  }
  const problems: Problem[] = [];
  const leases = new Map<string, OverlayLeases>();
  for (const [overlay, hosts] of Object.entries(json.overlays)) {
    if (isRecord(hosts)) leases.set(overlay, parseHosts(hosts, problems));
    else problems.push({ what: 'it holds an overlay without hosts', value: overlay });
  }
  const diagnostics = told(problems, (problem) => damagedAt(source, problem));
  return diagnostics.length > 0 ? { diagnostics } : { value: leases, diagnostics };
}

/** An error in leases; its place is looked up when it is reported. */
interface Problem {
  readonly what: string;
  /** The value in the file to point at. */
  readonly value: unknown;
  /** The value occurs more than once. */
  readonly isTwice?: true;
}

function parseHosts(hosts: Record<string, unknown>, problems: Problem[]): OverlayLeases {
  const leases = new Map<string, Lease>();
  const owners = new Map<string, string>();
  for (const [host, lease] of Object.entries(hosts)) {
    const problem = leaseProblem(lease);
    if (problem) problems.push({ ...problem, what: `it holds ${problem.what} of host '${host}'` });
    else {
      const { bridge_address, fixed_cidr, replaced } = lease as LeaseJson;
      leases.set(host, tidy({ bridgeAddress: bridge_address, fixedCidr: fixed_cidr, replaced }));
    }
  }
  for (const [host, { bridgeAddress, fixedCidr }] of leases) {
    for (const value of [bridgeAddress, fixedCidr]) {
      const other = value === undefined ? undefined : owners.get(value);
      if (value !== undefined && other !== undefined)
        problems.push({ what: `'${other}' and '${host}' both have ${value}`, value, isTwice: true });
      else if (value !== undefined) owners.set(value, host);
    }
  }
  return leases;
}

interface LeaseJson {
  readonly bridge_address?: string;
  readonly fixed_cidr?: string;
  readonly replaced?: readonly string[];
}

const readers = new Map<string, (text: string) => { readonly error?: string | undefined }>([
  ['bridge_address', parseAddress],
  ['fixed_cidr', parseCidr],
  ['replaced', parseAddress],
]);

/** What is wrong with a lease, and the value in the file to point at. */
function leaseProblem(lease: unknown): Problem | undefined {
  if (!isRecord(lease)) return { what: 'something else than the lease', value: lease };
  for (const [key, value] of Object.entries(lease)) {
    const parse = readers.get(key);
    if (parse === undefined) return { what: `an unknown '${key}'`, value: key };
    if (key === 'replaced' && !Array.isArray(value))
      return { what: `a wrong ${key} (${shown(value)} is no list)`, value };
    for (const one of Array.isArray(value) && key === 'replaced' ? value : [value]) {
      const error = typeof one === 'string' ? parse(one).error : `${shown(one)} is no text`;
      if (error !== undefined) return { what: `a wrong ${key} (${error})`, value: one };
    }
  }
  return undefined;
}

/** A value for a message; a long one is cut. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damagedAt(source: SourceFile, { what, value, isTwice }: Problem): Diagnostic {
  const text = JSON.stringify(value);
  if (!isTwice) return damaged(source, what, Math.max(0, source.text.indexOf(text)));
  const hint = `was it merged? remove the lease of the host that was not applied yet, and it gets another; otherwise restore the file`;
  return { ...damaged(source, what, source.text.lastIndexOf(text)), hint };
}

function damaged(source: SourceFile, problem: string, position = 0): Diagnostic {
  return {
    severity: 'error',
    code: 'leases-damaged',
    message: `${source.path} can't be used as a leases file: ${problem}`,
    range: { source, start: position, end: position },
    hint: 'restore it, for example from version control; without it every host is renumbered, which may change addresses in use',
  };
}

function otherVersion(source: SourceFile, version: unknown): Diagnostic {
  const position = Math.max(0, source.text.indexOf('"version"'));
  return {
    severity: 'error',
    code: 'leases-version',
    message: `${source.path} is a leases file of version ${shown(version)}, and this meshbook reads version ${VERSION}`,
    range: { source, start: position, end: position + '"version"'.length },
    hint: 'use the meshbook that wrote it, or a newer one',
  };
}
