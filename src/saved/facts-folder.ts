import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { RunError } from '../diagnostics/errors.ts';
import { Facts } from '../facts/fact.ts';
import { makeFolder } from '../files/make-folder.ts';
import { targetInFolder } from '../files/project.ts';
import { readInFolder } from '../source/named-file.ts';
import { readSource } from '../source/read-source.ts';
import { factsOf, formatFacts, type HostFacts, parseFacts } from './facts-file.ts';

/** A play's hosts in a folder of saved facts. */
export interface SavedFacts {
  /** By host; empty for those without a file. */
  readonly facts: ReadonlyMap<string, Facts>;
  /** Hosts without a file. */
  readonly missing: readonly string[];
  /** When the oldest and the newest of them were read: ISO 8601, UTC. Undefined: there are none. */
  readonly oldest?: string;
  readonly newest?: string;
}

/**
 * Writes a host's file, whole or not at all, readable by its owner only: it contains files that only root of the host
 * can read. @throws RunError if it can't.
 */
export async function writeFacts(folder: string, stored: HostFacts): Promise<void> {
  const path = join(folder, fileOf(stored.host));
  try {
    makeFolder(folder, 0o700);
    await writeFileAtomic(targetInFolder(path), formatFacts(stored), { mode: 0o600 });
  } catch (cause) {
    throw new RunError('state', `can't write the facts to ${path}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads the files of these hosts. A missing file is no error; a file that can't be used is. A host whose address has
 * changed has no facts: it may be another machine.
 */
export function readFacts(
  folder: string,
  hosts: readonly { readonly name: string; readonly address: string }[],
): Checked<SavedFacts> {
  const files = filesIn(folder);
  if (typeof files === 'string') {
    return { diagnostics: [{ severity: 'error', code: 'no-facts', message: files, hint: reading(folder) }] };
  }
  const facts = new Map<string, Facts>();
  const missing: string[] = [];
  const times: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { name: host, address } of hosts) {
    if (!files.has(fileOf(host))) {
      missing.push(host);
      facts.set(host, new Facts(new Map(), () => `there are no facts of the host in ${folder}`));
      continue;
    }
    const path = join(folder, fileOf(host));
    const source = files.get(fileOf(host))?.isSymbolicLink() ? readInFolder(path) : readSource(path);
    const stored = source.value && parseFacts(source.value, host);
    diagnostics.push(...source.diagnostics, ...(stored?.diagnostics ?? []));
    if (stored?.value === undefined) continue;
    if (stored.value.address !== address) {
      const reason = `the host's saved facts were read from ${stored.value.address}, and its address is ${address} now`;
      facts.set(host, new Facts(new Map(), () => reason));
      continue;
    }
    times.push(stored.value.readAt);
    facts.set(
      host,
      factsOf(stored.value, (id) => `${id} is not among the facts in ${folder}`),
    );
  }
  if (diagnostics.length > 0) return { diagnostics };
  const [oldest] = times.sort();
  const newest = times.at(-1);
  const when = oldest === undefined || newest === undefined ? {} : { oldest, newest };
  return { value: { facts, missing, ...when }, diagnostics };
}

/** A folder's files by name, or what is wrong with it. */
function filesIn(folder: string): Map<string, Dirent> | string {
  try {
    return new Map(readdirSync(folder, { withFileTypes: true }).map((file) => [file.name, file]));
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOENT':
        return `there is no folder of facts ${folder}`;
      case 'ENOTDIR':
        return `${folder} is no folder`;
      case 'EACCES':
        return `can't read the folder of facts ${folder}: permission denied`;
      default:
        return `can't read the folder of facts ${folder}: ${(error as Error).message}`;
    }
  }
}

/** The file's name is usually the host's, but that may contain anything. */
function fileOf(host: string): string {
  return `${encodeURIComponent(host)}.json`;
}

function reading(folder: string): string {
  return `read them: meshbook facts -i INVENTORY -o ${folder}`;
}
