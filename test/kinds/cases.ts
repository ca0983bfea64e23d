import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type FactState, Facts } from '../../src/facts/fact.ts';
import { type Kind, type KindPlan, planStep, type View } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import type { HostOverlay } from '../../src/model/host-overlay.ts';
import type { GivenAddress } from '../../src/model/resolved.ts';
import { hostOverlay } from './overlay.ts';

/** One data case of a kind: the facts of a host, and what the kind would do there. */
export interface KindCase {
  readonly title: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly view?: {
    readonly host?: string;
    readonly step?: string;
    readonly timeout?: number;
    /** By name, each with its differences from `hostOverlay`. */
    readonly overlays?: Readonly<Record<string, Partial<HostOverlay>>>;
    readonly given?: readonly GivenAddress[];
  };
  /** Values by fact id (`file:/etc/fstab`). What isn't here is unknown. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Reasons by fact id, for facts that can't be read. */
  readonly unknown_facts?: Readonly<Record<string, string>>;
  /** What `check` finds; each may leave out fields. Default: nothing. */
  readonly checks?: readonly Readonly<Record<string, unknown>>[];
  /** Expected in full. Default: none. */
  readonly changes?: readonly unknown[];
  readonly settle?: readonly unknown[];
  /** The shell that the changes become on the host, where that is the point of the case. Default: not compared. */
  readonly program?: string;
  readonly unknowns?: readonly string[];
  /** Expected; each may leave out fields. */
  readonly problems?: readonly Readonly<Record<string, unknown>>[];
}

export interface LoadedCase {
  /** As the key of a step: snake_case. */
  readonly kind: string;
  readonly file: string;
  readonly case: KindCase;
}

const keys = 'title params view facts unknown_facts checks changes settle program unknowns problems'.split(
  ' ',
);

/** Every data case in a folder of folders named after kinds. A file may hold several YAML documents. */
export function loadCases(root: string = import.meta.dirname): LoadedCase[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) =>
    readdirSync(join(root, name))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .flatMap((file) =>
        loadFile(join(root, name, file)).map((one) => ({
          kind: name,
          file: `${name}/${file}`,
          case: one,
        })),
      ),
  );
}

function loadFile(path: string): KindCase[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors[0] !== undefined) throw new Error(`${path}: ${document.errors[0].message}`);
    const value = document.toJS() as KindCase;
    const stray = Object.keys(value).find((key) => !keys.includes(key));
    if (stray !== undefined || typeof value.title !== 'string' || value.params === undefined) {
      throw new Error(
        `${path}: a case needs title and params${stray === undefined ? '' : `, and has no key ${stray}`}`,
      );
    }
    return value;
  });
}

export function factsOf({ facts = {}, unknown_facts = {} }: KindCase): Facts {
  const states: [string, FactState][] = [
    ...Object.entries(facts).map(([id, value]): [string, FactState] => [id, { value }]),
    ...Object.entries(unknown_facts).map(([id, unknown]): [string, FactState] => [id, { unknown }]),
  ];
  return new Facts(new Map(states));
}

export function viewOf({ view = {} }: KindCase): View {
  return {
    host: view.host ?? 'docker1',
    step: view.step ?? 'A step',
    overlays: new Map(
      Object.entries(view.overlays ?? {}).map(([name, more]) => [name, hostOverlay({ name, ...more })]),
    ),
    ...(view.given === undefined ? {} : { given: view.given }),
    ...(view.timeout === undefined ? {} : { timeout: view.timeout }),
  };
}

/** Plans like the planner, on the case's facts or on others. */
export function planCase(kind: Kind, one: KindCase, facts: Facts = factsOf(one)): KindPlan {
  return planStep(kind, one.params, facts, viewOf(one));
}

/** @throws Error if there is no such kind. */
export function kindOf(name: string): Kind {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`no kind is called ${name}`);
  return kind;
}
