import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedStep } from '../model/resolved.ts';
import { validateSchema } from '../model/schema.ts';
import type { Host, Locate, Playbook, Step } from '../model/types.ts';
import { evaluate, renderValue } from '../template/render.ts';
import { renderVars } from '../template/render-vars.ts';
import { containsUnknown, UNKNOWN } from '../template/values.ts';
import { loadLocalFiles } from './local-files.ts';

export interface StepResolution {
  readonly steps: readonly ResolvedStep[];
  readonly diagnostics: readonly Diagnostic[];
  /** A template asks for facts, and none were given. */
  readonly needsFacts: boolean;
}

type Scope = Record<string, unknown>;

const unresolved: StepResolution = { steps: [], diagnostics: [], needsFacts: true };

/** One step for one host: none when its condition is false, several under `for_each`. */
export function resolveStep(
  step: Step,
  host: Host,
  playbook: Playbook,
  extraVars: Readonly<Record<string, unknown>>,
  values: Scope,
): StepResolution {
  const scope = scopeOf(step, host, playbook, extraVars, values);
  if (hasErrors(scope.diagnostics)) return { steps: [], diagnostics: scope.diagnostics, needsFacts: false };
  if (step.forEach === undefined) return resolveOnce(step, scope.value, playbook, undefined);
  const list = renderValue(step.forEach, scope.value, step.locate, ['for_each']);
  if (hasErrors(list.diagnostics)) return { steps: [], diagnostics: list.diagnostics, needsFacts: false };
  if (list.value === UNKNOWN) return unresolved;
  if (!Array.isArray(list.value)) {
    const range = step.locate(['for_each']);
    const diagnostic: Diagnostic = { severity: 'error', code: 'wrong-type', message: 'for_each must give a list', range };
    return { steps: [], diagnostics: [diagnostic], needsFacts: false };
  }
  const each = list.value.map((item: unknown, index) => resolveOnce(step, { ...scope.value, item }, playbook, index));
  return {
    steps: each.flatMap(({ steps }) => steps),
    diagnostics: each.flatMap(({ diagnostics }) => diagnostics),
    needsFacts: each.some(({ needsFacts }) => needsFacts),
  };
}

/** Variables in rising precedence: inventory (groups, then host), playbook, step, command line. */
function scopeOf(
  step: Step,
  host: Host,
  playbook: Playbook,
  extraVars: Readonly<Record<string, unknown>>,
  values: Scope,
): { value: Scope; diagnostics: readonly Diagnostic[] } {
  const locate: Locate = (path, part) => {
    const name = String(path[0]);
    if (Object.hasOwn(step.vars, name)) return step.locate(['vars', ...path], part);
    if (Object.hasOwn(playbook.vars, name)) return playbook.varsAt(path, part);
    return host.varsAt(path, part);
  };
  const written = { ...host.vars, ...playbook.vars, ...step.vars };
  for (const name of Object.keys(extraVars)) delete written[name];
  const rendered = renderVars(written, { ...extraVars, ...values }, locate);
  return { value: { ...rendered.value, ...extraVars, ...values }, diagnostics: rendered.diagnostics };
}

function resolveOnce(step: Step, scope: Scope, playbook: Playbook, item: number | undefined): StepResolution {
  const wanted = step.when === undefined ? { value: true, diagnostics: [] } : evaluate(step.when, scope, step.locate(['when']));
  if (hasErrors(wanted.diagnostics)) return { steps: [], diagnostics: wanted.diagnostics, needsFacts: false };
  if (wanted.value === UNKNOWN) return unresolved;
  if (wanted.value === false) return { steps: [], diagnostics: [], needsFacts: false };

  const name = renderValue(step.name, scope, step.locate, ['name']);
  const params = renderValue(step.params, scope, step.locate, [step.kind]);
  const diagnostics = [...name.diagnostics, ...params.diagnostics];
  if (hasErrors(diagnostics)) return { steps: [], diagnostics, needsFacts: false };
  if (name.value === UNKNOWN || containsUnknown(params.value)) return { ...unresolved, diagnostics };

  const kind = kinds.get(step.kind);
  const schema = kind?.params as object;
  diagnostics.push(...validateSchema(schema, params.value, step.locate, [step.kind]));
  if (hasErrors(diagnostics)) return { steps: [], diagnostics, needsFacts: false };
  const loaded = loadLocalFiles(schema, params.value as Scope, step, playbook, scope);
  diagnostics.push(...loaded.diagnostics);
  if (loaded.value === undefined) return { steps: [], diagnostics, needsFacts: false };
  const label = item === undefined ? String(name.value) : `${name.value} [${item + 1}]`;
  return { steps: [{ step, name: label, params: loaded.value }], diagnostics, needsFacts: false };
}
