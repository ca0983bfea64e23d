import type { Checked, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { Locate } from '../../source/locate.ts';
import { loseNames } from '../schema/draft.ts';
import { durationSeconds } from '../schema/duration.ts';
import { asMapping, type Mapping } from '../schema/raw-inventory.ts';
import { usableParts, validateSchema } from '../schema/schema.ts';
import { kindElsewhere, paramsHint, stepKeyElsewhere } from '../schema/words-elsewhere.ts';
import type { Step } from '../types.ts';
import { reservedStepKeys, stepSchema } from './playbook-schema.ts';

/** The kinds' names, all that the model needs to know about kinds. */
export interface KindNames {
  has(name: string): boolean;
  names(): readonly string[];
}

interface RawStep {
  readonly name?: string;
  readonly hosts?: string;
  readonly when?: string | boolean;
  readonly for_each?: unknown;
  readonly tags?: string | readonly string[];
  readonly timeout?: number | string;
  readonly vars?: Mapping | null;
}

export interface StepReading extends Checked<Step> {
  /** The valid part of a wrong step: its kind and params, perhaps without all that decides when they apply. */
  readonly part?: Step;
}

/**
 * Reads one step; `locate` is the document's. The kind's own schema validates the params later. Tags that are refused,
 * or are in a refused step, are added to `lost`.
 */
export function readStep(
  raw: Mapping,
  index: number,
  locate: Locate,
  kinds: KindNames,
  lost: Set<string>,
): StepReading {
  const base = ['steps', index] as const;
  const fromHere: Locate = (path, part) => locate([...base, ...path], part);
  const kind = findKind(raw, fromHere, kinds);
  const diagnostics = [...validateSchema(stepSchema, raw, locate, base), ...kind.diagnostics];
  diagnostics.push(...checkTemplateFree(raw, fromHere));
  const badParams = kind.name === undefined ? [] : checkParams(raw, kind.name, fromHere);
  diagnostics.push(...badParams);
  const step = (usable: RawStep, name: string) => toStep(usable, name, asMapping(raw[name]), index, fromHere);
  if (kind.name !== undefined && diagnostics.length === 0)
    return { value: step(raw as RawStep, kind.name), diagnostics };
  loseNames(typeof raw.tags === 'string' ? tagsOf(raw.tags) : raw.tags, lost);
  if (kind.name === undefined || badParams.length > 0) return { diagnostics };
  return { part: step(usableParts(stepSchema, raw, new Set()).usable, kind.name), diagnostics };
}

function toStep(raw: RawStep, kind: string, params: Mapping, index: number, locate: Locate): Step {
  return {
    index,
    name: raw.name ?? kind,
    kind,
    params,
    ...(raw.hosts === undefined ? {} : { hosts: raw.hosts }),
    ...(raw.when === undefined ? {} : { when: String(raw.when) }),
    ...(raw.for_each === undefined ? {} : { forEach: raw.for_each }),
    tags: tagsOf(raw.tags),
    ...(raw.timeout === undefined ? {} : { timeout: durationSeconds(raw.timeout) }),
    vars: raw.vars ?? {},
    locate,
  };
}

/** `a,b` are two tags, as in Ansible and on the command line. */
function tagsOf(raw: RawStep['tags']): readonly string[] {
  const words = [raw ?? []].flat().flatMap((word) => word.split(','));
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

/** The only key of a step that is neither reserved nor unknown; of several, the first. */
function findKind(
  raw: Mapping,
  locate: Locate,
  kinds: KindNames,
): { name: string | undefined; diagnostics: readonly Diagnostic[] } {
  const others = Object.keys(raw).filter((key) => !reservedStepKeys.includes(key));
  const [first, ...more] = others.filter((key) => kinds.has(key));
  const unknown = others.filter((key) => !kinds.has(key));
  const diagnostics = unknown.map((key) => unknownStepKey(key, first, locate, kinds));
  for (const key of more) {
    diagnostics.push({
      severity: 'error',
      code: 'two-kinds',
      message: `a step has one kind, and this one has '${first}' already`,
      range: locate([key], 'key'),
      hint: `make '${key}' a separate step`,
    });
  }
  if (first === undefined && unknown.length === 0) diagnostics.push(noKind(locate, kinds));
  return { name: first, diagnostics };
}

function unknownStepKey(key: string, kind: string | undefined, locate: Locate, kinds: KindNames): Diagnostic {
  const range = locate([key], 'key');
  const keyHint = stepKeyElsewhere(key);
  const hint = keyHint ?? kindElsewhere(key) ?? didYouMean(key, [...kinds.names(), ...reservedStepKeys]);
  if (kind === undefined && keyHint === undefined) {
    const known = `the kinds are ${kinds.names().join(', ')}`;
    return {
      severity: 'error',
      code: 'unknown-kind',
      message: `there is no kind '${key}'`,
      range,
      hint: hint ?? known,
    };
  }
  const known = `besides its kind a step has ${reservedStepKeys.join(', ')}`;
  return {
    severity: 'error',
    code: 'unknown-key',
    message: `unknown key '${key}' in a step`,
    range,
    hint: hint ?? known,
  };
}

function noKind(locate: Locate, kinds: KindNames): Diagnostic {
  return {
    severity: 'error',
    code: 'no-kind',
    message: 'this step has no kind, so there is nothing to do',
    range: locate([]),
    hint: `the kinds are ${kinds.names().join(', ')}`,
  };
}

function checkParams(raw: Mapping, kind: string, locate: Locate): Diagnostic[] {
  // `docker_daemon:` without a value uses all defaults.
  if (raw[kind] === null) return [];
  return validateSchema(paramsAreMapping, raw[kind], locate, [kind]).map((d) => ({
    ...d,
    hint: paramsHint(kind),
  }));
}

const paramsAreMapping = { type: 'object' } as const;

/** `when` is already an expression, and a step's hosts must be known before any variable is. */
function checkTemplateFree(raw: Mapping, locate: Locate): Diagnostic[] {
  const { when, hosts } = raw;
  const diagnostics: Diagnostic[] = [];
  if (typeof when === 'string' && /\{\{|\{%/.test(when)) {
    const message = "'when' is already an expression and takes no braces";
    diagnostics.push({
      severity: 'error',
      code: 'invalid-value',
      message,
      range: locate(['when']),
      hint: 'write it without {{ and }}',
    });
  }
  if (typeof hosts === 'string' && hosts.includes('{{')) diagnostics.push(templatedHosts(locate));
  return diagnostics;
}

/** Also for the playbook's own `hosts`. */
export function templatedHosts(locate: Locate): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-value',
    message: "'hosts' can't hold a template: variables are known only once the hosts are",
    range: locate(['hosts']),
    hint: "name a group, or use '--limit' on the command line",
  };
}
