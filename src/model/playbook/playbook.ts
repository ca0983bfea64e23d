import { basename } from 'node:path';
import { type Diagnostic, hasErrors, type SourceFile } from '../../diagnostics/diagnostic.ts';
import { allowance } from '../../source/allowance.ts';
import { parseYaml, type SourceDocument } from '../../source/parse-yaml.ts';
import { readSource } from '../../source/read-source.ts';
import { readOverlays } from '../inventory/overlay-spec.ts';
import { type Draft, draftAfter, unreadable } from '../schema/draft.ts';
import { asMapping, type Mapping, type Path } from '../schema/raw-inventory.ts';
import { usableParts, validateSchema } from '../schema/schema.ts';
import { readSecretNames } from '../secret-names.ts';
import type { OnFailure, Playbook, Step } from '../types.ts';
import { readChecks } from './check.ts';
import { playbookSchema } from './playbook-schema.ts';
import { type KindNames, readStep, templatedHosts } from './step.ts';

interface RawPlaybook {
  readonly name?: string;
  readonly hosts?: string;
  readonly vars?: Mapping | null;
  readonly secret?: readonly string[];
  readonly on_failure?: OnFailure;
}

/** The valid parts of a playbook. */
export interface PlaybookParts extends Omit<Playbook, 'hosts' | 'onFailure'> {
  readonly hosts?: string;
  /** Steps of which only the kind and the params can be relied on. */
  readonly partSteps: readonly Step[];
}

/** Reads and validates a playbook; all errors in its text are reported at once. */
export function loadPlaybook(path: string, kinds: KindNames): Draft<Playbook, PlaybookParts> {
  const source = readSource(path);
  if (source.value === undefined) return unreadable(source.diagnostics);
  const list = listOfPlays(source.value);
  if (list !== undefined) return unreadable([list]);
  const document = parseYaml(source.value);
  if (document.value === undefined) return unreadable(document.diagnostics);
  return draftAfter(document.diagnostics, parsePlaybook(document.value, kinds));
}

export function parsePlaybook(document: SourceDocument, kinds: KindNames): Draft<Playbook, PlaybookParts> {
  const { source, locate, data } = document;
  const diagnostics = validateSchema(playbookSchema, data, locate).map((d) => explainShape(d, data));
  const root = asMapping(data);
  if (root !== data) return unreadable(diagnostics);
  const lost = new Set<string>();
  const raw: RawPlaybook = usableParts(playbookSchema, root, lost).usable;
  const templated = raw.hosts?.includes('{{') === true;
  if (templated) diagnostics.push(templatedHosts(locate));

  const steps: Step[] = [];
  const partSteps: Step[] = [];
  const rawSteps = Array.isArray(root.steps) ? root.steps.slice(0, allowance.steps) : [];
  rawSteps.forEach((rawStep: unknown, index) => {
    // The schema has already reported what isn't a mapping.
    if (typeof rawStep !== 'object' || rawStep === null || Array.isArray(rawStep)) return;
    const step = readStep(rawStep as Mapping, index, locate, kinds, lost);
    diagnostics.push(...step.diagnostics);
    if (step.value !== undefined) steps.push(step.value);
    if (step.part !== undefined) partSteps.push(step.part);
  });
  const checks = readChecks(root.checks, locate);
  diagnostics.push(...checks.diagnostics);
  const overlays = readOverlays(root.overlays, locate, lost);
  diagnostics.push(...overlays.diagnostics);

  const encrypted = source.secret
    ? [raw.vars ?? {}, ...steps.map((step) => step.vars)].flatMap(Object.keys)
    : [];
  const base = {
    path: source.path,
    name: raw.name ?? basename(source.path).replace(/\.ya?ml$/, ''),
    hostsAt: locate(['hosts']),
    vars: raw.vars ?? {},
    varsAt: (path: Path, part?: 'key' | 'value') => locate(['vars', ...path], part),
    secret: readSecretNames(raw.secret, locate, encrypted),
    overlays: overlays.value,
    steps,
    checks: checks.value ?? [],
  };
  const { hosts } = raw;
  const usable = { ...base, partSteps, ...(hosts === undefined || templated ? {} : { hosts }) };
  if (hosts === undefined || hasErrors(diagnostics)) return { usable, lost, diagnostics };
  return { value: { ...base, hosts, onFailure: raw.on_failure ?? 'undo_all' }, usable, lost, diagnostics };
}

const onePlay =
  "a playbook is one play, not a list of plays: take the leading '- ' off and write 'name', 'hosts', 'vars' and 'steps', where each step has a kind and its params: - file: { path: /etc/motd, content: x }";

/** Comments, blank lines and `---`, then an entry of a list. */
const listAtTop = /^(?:(?:---[^\n]*|[ \t]*#[^\n]*|[ \t]*\r?)\n)*- [^\r\n]*/;

/**
 * A list of plays, as in Ansible's playbooks, recognised by the text alone: further errors would only hide the reason.
 */
function listOfPlays(source: SourceFile): Diagnostic | undefined {
  const found = listAtTop.exec(source.text)?.[0];
  if (found === undefined) return undefined;
  const start = found.lastIndexOf('\n') + 1;
  return {
    severity: 'error',
    code: 'wrong-type',
    message: 'a playbook: expected a mapping, got a list of plays, as in Ansible',
    range: { source, start, end: found.length },
    hint: onePlay,
  };
}

function explainShape(diagnostic: Diagnostic, data: unknown): Diagnostic {
  if (diagnostic.code !== 'wrong-type' || asMapping(data) === data) return diagnostic;
  const hint = Array.isArray(data) ? onePlay : "a playbook is one mapping with 'name', 'hosts' and 'steps'";
  return { ...diagnostic, message: `a playbook: ${diagnostic.message}`, hint };
}
