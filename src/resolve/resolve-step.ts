import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedStep } from '../model/resolved.ts';
import { validateSchema } from '../model/schema.ts';
import type { Host, Locate, Playbook, Step } from '../model/types.ts';
import { evaluate, renderValue, type Scope } from '../template/render.ts';
import { renderVars } from '../template/render-vars.ts';
import { containsUnknown, typeName, UNKNOWN } from '../template/values.ts';
import { loadLocalFiles } from './local-files.ts';

export interface StepResolution {
  readonly steps: readonly ResolvedStep[];
  readonly diagnostics: readonly Diagnostic[];
  /** A template asks for what isn't known yet. */
  readonly needsFacts: boolean;
}

/** What decides a step besides the step itself. */
export interface StepContext {
  readonly host: Host;
  readonly playbook: Playbook;
  /** From the command line; they win over all others. */
  readonly extraVars: Scope;
  /** `host`, `overlay` and `facts`. */
  readonly builtins: Scope;
}

const unresolved: StepResolution = { steps: [], diagnostics: [], needsFacts: true };

/** One step for one host: none when its condition is false, several under `for_each`. */
export function resolveStep(step: Step, context: StepContext): StepResolution {
  if (step.forEach === undefined) return resolveOnce(step, context);
  const list = listOf(step, context);
  if (list.value === undefined) return failed(list.diagnostics);
  if (list.value === UNKNOWN) return unresolved;
  const each = list.value.map((item, index) => {
    const builtins = { ...context.builtins, item };
    return resolveOnce(step, { ...context, builtins }, ` [${index + 1}]`);
  });
  return {
    steps: each.flatMap(({ steps }) => steps),
    diagnostics: each.flatMap(({ diagnostics }) => diagnostics),
    needsFacts: each.some(({ needsFacts }) => needsFacts),
  };
}

/** What a step's `for_each` goes over. The step's own variables may need `item`; those can't be part of it. */
function listOf(step: Step, context: StepContext): Checked<readonly unknown[] | typeof UNKNOWN> {
  const scope = scopeOf(step, { ...context, builtins: { ...context.builtins, item: UNKNOWN } });
  if (scope.value === undefined) return { diagnostics: scope.diagnostics };
  const { value, diagnostics } = renderValue(step.forEach, scope.value, step.locate, ['for_each']);
  if (hasErrors(diagnostics)) return { diagnostics };
  if (Array.isArray(value)) return { value, diagnostics };
  const range = step.locate(['for_each']);
  if (value !== UNKNOWN) {
    const message = `for_each must give a list, and gives ${typeName(value)}`;
    return { diagnostics: [{ severity: 'error', code: 'wrong-type', message, range }] };
  }
  if (context.builtins.facts === UNKNOWN || context.builtins.overlay === UNKNOWN)
    return { value: UNKNOWN, diagnostics };
  const message = "for_each makes the items, so it can't depend on one";
  return { diagnostics: [{ severity: 'error', code: 'undefined-variable', message, range }] };
}

function resolveOnce(step: Step, context: StepContext, suffix = ''): StepResolution {
  const scope = scopeOf(step, context);
  if (scope.value === undefined) return failed(scope.diagnostics);
  const wanted =
    step.when === undefined
      ? { value: true, diagnostics: [] }
      : evaluate(step.when, scope.value, step.locate(['when']));
  if (wanted.value === undefined) return failed(wanted.diagnostics);
  if (wanted.value === UNKNOWN) return unresolved;
  if (wanted.value === false) return { steps: [], diagnostics: [], needsFacts: false };

  const name = renderValue(step.name, scope.value, step.locate, ['name']);
  const params = resolveParams(step, context.playbook, scope.value);
  const diagnostics = [...name.diagnostics, ...params.diagnostics];
  if (hasErrors(diagnostics)) return failed(diagnostics);
  if (name.value === UNKNOWN || params.value === undefined || containsUnknown(params.value))
    return unresolved;
  return {
    steps: [{ step, name: `${name.value}${suffix}`, params: params.value }],
    diagnostics,
    needsFacts: false,
  };
}

/** A step's params, rendered, checked against their kind's schema, and with the local files that they name. */
function resolveParams(step: Step, playbook: Playbook, scope: Scope): Checked<Scope> {
  const kind = kinds.get(step.kind);
  if (kind === undefined) throw new InternalError(`step ${step.name} has the unknown kind ${step.kind}`);
  const rendered = renderValue(step.params, scope, step.locate, [step.kind]);
  if (hasErrors(rendered.diagnostics)) return { diagnostics: rendered.diagnostics };
  const params = rendered.value as Scope;
  if (containsUnknown(params)) return { value: params, diagnostics: [] };
  const problems = validateSchema(kind.params, params, step.locate, [step.kind], { key: 'param' }).map(
    templateHint,
  );
  return problems.length > 0
    ? { diagnostics: problems }
    : loadLocalFiles(kind.params, params, step, playbook, scope);
}

/** What a template gives has the type of its variable, whatever quotes stand around it. */
function templateHint(problem: Diagnostic): Diagnostic {
  const { range, hint } = problem;
  if (!range?.source.text.slice(range.start, range.end).includes('{{')) return problem;
  if (hint === 'put it in quotes')
    return { ...problem, hint: 'the variable has that type; write {{ … | string }}' };
  if (hint === 'take the quotes off')
    return { ...problem, hint: 'the variable is a text; write {{ … | int }}' };
  return problem;
}

/** Variables in rising precedence: inventory (groups, then host), playbook, step, command line. */
function scopeOf(step: Step, { host, playbook, extraVars, builtins }: StepContext): Checked<Scope> {
  const locate: Locate = (path, part) => {
    const name = String(path[0]);
    if (Object.hasOwn(step.vars, name)) return step.locate(['vars', ...path], part);
    if (Object.hasOwn(playbook.vars, name)) return playbook.varsAt(path, part);
    return host.varsAt(path, part);
  };
  const written = { ...host.vars, ...playbook.vars, ...step.vars };
  for (const name of Object.keys(extraVars)) delete written[name];
  const given = { ...extraVars, ...builtins };
  const rendered = renderVars(written, given, locate);
  return rendered.value === undefined
    ? rendered
    : { value: { ...rendered.value, ...given }, diagnostics: [] };
}

function failed(diagnostics: readonly Diagnostic[]): StepResolution {
  return { steps: [], diagnostics, needsFacts: false };
}
