import { basename } from 'node:path';
import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { parseYaml, type SourceDocument } from '../source/parse-yaml.ts';
import { readSource } from '../source/read-source.ts';
import { readOverlays } from './overlay-spec.ts';
import { playbookSchema } from './playbook-schema.ts';
import { asMapping, type Mapping } from './raw-inventory.ts';
import { validateSchema } from './schema.ts';
import { type KindNames, readStep, templatedHosts } from './step.ts';
import type { OnFailure, Playbook, Step } from './types.ts';

interface RawPlaybook {
  readonly name?: string;
  readonly hosts: string;
  readonly vars?: Mapping | null;
  readonly on_failure?: OnFailure;
}

/** Reads and checks a playbook; every problem of its text is reported at once. */
export function loadPlaybook(path: string, kinds: KindNames): Checked<Playbook> {
  const source = readSource(path);
  if (source.value === undefined) return { diagnostics: source.diagnostics };
  const document = parseYaml(source.value);
  if (document.value === undefined) return { diagnostics: document.diagnostics };
  const playbook = parsePlaybook(document.value, kinds);
  const diagnostics = [...document.diagnostics, ...playbook.diagnostics];
  return playbook.value === undefined || hasErrors(diagnostics)
    ? { diagnostics }
    : { value: playbook.value, diagnostics };
}

export function parsePlaybook(document: SourceDocument, kinds: KindNames): Checked<Playbook> {
  const { source, locate, data } = document;
  const diagnostics = validateSchema(playbookSchema, data, locate).map((d) => explainShape(d, data));
  const root = asMapping(data);
  if (typeof root.hosts === 'string' && root.hosts.includes('{{')) diagnostics.push(templatedHosts(locate));

  const steps: Step[] = [];
  const rawSteps = Array.isArray(root.steps) ? root.steps : [];
  rawSteps.forEach((raw: unknown, index) => {
    // What isn't a mapping has been reported by the schema.
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return;
    const step = readStep(raw as Mapping, index, locate, kinds);
    diagnostics.push(...step.diagnostics);
    if (step.value !== undefined) steps.push(step.value);
  });
  const overlays = readOverlays(root.overlays, locate);
  diagnostics.push(...overlays.diagnostics);
  if (hasErrors(diagnostics)) return { diagnostics };

  const raw = root as unknown as RawPlaybook;
  const value: Playbook = {
    path: source.path,
    name: raw.name ?? basename(source.path).replace(/\.ya?ml$/, ''),
    hosts: raw.hosts,
    hostsAt: locate(['hosts']),
    vars: raw.vars ?? {},
    varsAt: (path, part) => locate(['vars', ...path], part),
    overlays: overlays.value,
    steps,
    onFailure: raw.on_failure ?? 'undo_all',
  };
  return { value, diagnostics };
}

function explainShape(diagnostic: Diagnostic, data: unknown): Diagnostic {
  if (diagnostic.code !== 'wrong-type' || asMapping(data) === data) return diagnostic;
  const hint = Array.isArray(data)
    ? "a playbook is one mapping, not a list of plays: take the leading '- ' off and write 'name', 'hosts' and 'steps'"
    : "a playbook is one mapping with 'name', 'hosts' and 'steps'";
  return { ...diagnostic, message: `a playbook: ${diagnostic.message}`, hint };
}
