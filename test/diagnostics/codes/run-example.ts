import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadPlay } from '../../../src/commands/play/load-play.ts';
import type { CodeExample } from '../../../src/diagnostics/codes/code-entry.ts';
import { examplePlay } from '../../../src/diagnostics/codes/example-play.ts';
import { type Diagnostic, hasErrors } from '../../../src/diagnostics/diagnostic.ts';
import { InvalidInput } from '../../../src/diagnostics/errors.ts';
import { Facts, factId } from '../../../src/facts/fact.ts';
import { templateQueries } from '../../../src/facts/template-queries.ts';
import { lintQueries } from '../../../src/lint/lint-queries.ts';
import type { ResolvedHost } from '../../../src/model/resolved.ts';
import { queriesOf } from '../../../src/plan/plan-host.ts';
import { planHosts } from '../../../src/plan/plan-hosts.ts';
import { plainFact } from './plain-host.ts';

export type Version = 'wrong' | 'mended';

/** The files of an example, with or without its fix. */
export function exampleFiles(example: CodeExample, version: Version): Record<string, string> {
  const texts = {
    'inventory.yml': example.inventory ?? examplePlay.inventory,
    'playbook.yml': example.playbook ?? examplePlay.playbook,
    ...example.files,
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, versionOf(text, version)]));
}

/** One version of a text with signs. @throws Error for a line without a sign. */
export function versionOf(text: string, version: Version): string {
  const dropped = version === 'wrong' ? '+' : '-';
  const lines = text.split('\n').map((line) => {
    if (!/^[ +-]/.test(line)) throw new Error(`a line without a sign: '${line}'`);
    return line;
  });
  return `${lines
    .filter((line) => !line.startsWith(dropped))
    .map((line) => line.slice(1))
    .join('\n')}\n`;
}

/** All diagnostics of an example that is not a command: from its files, and from its facts if it has any. */
export async function diagnosticsOf(example: CodeExample, version: Version): Promise<readonly Diagnostic[]> {
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-example-'));
  try {
    for (const [name, text] of Object.entries(exampleFiles(example, version)))
      writeFileSync(join(folder, name), text);
    const play = await loadPlay(join(folder, 'playbook.yml'), {
      inventory: join(folder, 'inventory.yml'),
      extraVars: [],
      tags: [],
      skipTags: [],
    });
    if (example.facts === undefined || hasErrors(play.diagnostics)) return play.diagnostics;
    const facts = parse(versionOf(example.facts, version)) as FactsByHost;
    const early = play.resolve().value?.play.hosts ?? [];
    const known = new Map(early.map((host) => [host.host.name, factsFor(host, facts)]));
    const resolution = play.resolve(known);
    const hosts = resolution.value?.play.hosts ?? [];
    const planned = planHosts(hosts.map((resolved) => ({ resolved, facts: factsFor(resolved, facts) })));
    return [...play.diagnostics, ...resolution.diagnostics, ...planned.diagnostics];
  } catch (error) {
    if (error instanceof InvalidInput) return error.diagnostics;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type FactsByHost = Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;

/** The facts of a host: the plain host's, overridden by the example's. */
function factsFor(host: ResolvedHost, given: FactsByHost): Facts {
  const own = { ...given?.all, ...given?.[host.host.name] };
  let facts = new Facts();
  for (const query of [...lintQueries, ...templateQueries, ...queriesOf(host)]) {
    const id = factId(query);
    const value = id in own ? own[id] : plainFact(query, host.host.underlayAddress);
    if (value !== undefined) facts = facts.with(query, value);
  }
  const unused = Object.keys(own).filter((id) => given?.all?.[id] === undefined && !facts.states().has(id));
  if (unused.length > 0) throw new Error(`nobody asks ${host.host.name} for ${unused.join(', ')}`);
  return facts;
}
