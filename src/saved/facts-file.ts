import type { Code } from '../diagnostics/codes/registry.ts';
import type { Checked, Diagnostic, SourceFile } from '../diagnostics/diagnostic.ts';
import { type FactState, Facts } from '../facts/fact.ts';
import type { SavableFacts } from '../facts/secrets.ts';
import { safeJson } from '../report/text/json-text.ts';
import { unlikeFacts } from './facts-schema.ts';
import { prettyJson } from './pretty-json.ts';
import { isSealed, Sealer } from './seal.ts';

const VERSION = 2;

/** The saved facts of one host, for planning without a connection. */
export interface HostFacts {
  readonly host: string;
  /** The version that read them. */
  readonly meshbook: string;
  /** ISO 8601, UTC. */
  readonly readAt: string;
  /** The address that SSH connected to. */
  readonly address: string;
  readonly facts: SavableFacts;
}

/** Equal facts give equal bytes except for the time and the seal, for version control. */
export function formatFacts({ host, meshbook, readAt, address, facts }: HostFacts): string {
  const members = { meshbook_facts: VERSION, meshbook, host, address, read_at: readAt, facts };
  const sealer = new Sealer();
  const lines = Object.entries(members).map(([key, value]) => `"${key}": ${safeJson(prettyJson(value))},\n`);
  return `${sealer.add(`{\n${lines.join('')}`)}${sealer.end()}`;
}

/** Reads that host's file, written by `formatFacts`. */
export function parseFacts({ path, text }: SourceFile, host: string): Checked<HostFacts> {
  // Version control may have changed the line endings.
  const source = { path, text: text.replaceAll('\r\n', '\n') };
  const wrong = (code: Code, message: string, at = 0): Checked<HostFacts> => ({
    diagnostics: [problem(source, code, message, at)],
  });
  const sealed = isSealed(source.text);
  let json: unknown;
  try {
    json = sealed ? parseSealed(source.text) : JSON.parse(source.text);
  } catch (error) {
    const { message } = error as Error;
    // The error in a truncated file is at its end.
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? source.text.length);
    return wrong('facts-damaged', `${path} is damaged or cut off: ${message}`, at);
  }
  const members = json as Readonly<Record<string, unknown>> | null;
  const at = (key: string) => source.text.indexOf(`"${key}"`);
  const found = members?.meshbook_facts;
  if (typeof found !== 'number') return wrong('facts-damaged', `${path} is no file of facts`);
  if (found !== VERSION) {
    const message = `${path} holds facts of version ${found}, and this meshbook reads version ${VERSION}`;
    return wrong('facts-version', message, at('meshbook_facts'));
  }
  if (!sealed)
    return wrong(
      'facts-damaged',
      `${path} has been changed since meshbook wrote it`,
      source.text.lastIndexOf('"sha256"'),
    );
  const unfit = unlikeFacts(members as object);
  if (unfit !== undefined) {
    const { family, why } = unfit;
    return wrong(
      'facts-damaged',
      `${path} is no file of facts: ${why}`,
      family === undefined ? 0 : at(family),
    );
  }
  const { meshbook, read_at: readAt, address, facts } = members as unknown as Written;
  if (members?.host !== host)
    return wrong('facts-of-another', `${path} holds facts of another host`, at('host'));
  return { value: { host, meshbook, readAt, address, facts }, diagnostics: [] };
}

/** A file as it was written. Families follow each other, and each is mostly equal to the previous host's. */
function parseSealed(text: string): unknown {
  const start = text.indexOf(before);
  const end = text.lastIndexOf(after);
  try {
    const others = JSON.parse(text.slice(0, start) + text.slice(end + after.length - 1)) as object;
    const families = text.slice(start + before.length, end).split(between);
    return { ...others, facts: Object.assign({}, ...families.map(readFamily)) };
  } catch {
    // A file without families, or with the layout of another version.
    return JSON.parse(text);
  }
}

const before = '"facts": {\n  "';
const between = ',\n  "';
const after = '\n},\n';

const lastRead = new Map<string, { readonly text: string; readonly family: unknown }>();

function readFamily(text: string): unknown {
  const name = text.slice(0, text.indexOf('"'));
  const last = lastRead.get(name);
  if (last?.text === text) return last.family;
  const family: unknown = JSON.parse(`{"${text}}`);
  lastRead.set(name, { text, family });
  return family;
}

/** A file's members, after validation. */
interface Written {
  readonly meshbook: string;
  readonly address: string;
  readonly read_at: string;
  readonly facts: SavableFacts;
}

/** The facts for a plan; what isn't among them is unknown. */
export function factsOf({ facts }: Pick<HostFacts, 'facts'>, missing: (id: string) => string): Facts {
  const states = new Map<string, FactState>();
  for (const [family, keys] of Object.entries(facts)) {
    for (const [key, state] of Object.entries(keys))
      states.set(key === '' ? family : `${family}:${key}`, state);
  }
  return new Facts(states, missing);
}

function problem(source: SourceFile, code: Code, message: string, at: number): Diagnostic {
  return {
    severity: 'error',
    code,
    message,
    range: { source, start: Math.max(0, at), end: Math.max(0, at) },
    hint: 'read the facts again: meshbook facts -i INVENTORY -o FOLDER',
  };
}
