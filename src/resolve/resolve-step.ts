import { type Checked, type Diagnostic, hasErrors, warning } from '../diagnostics/diagnostic.ts';
import { InternalError } from '../diagnostics/errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { kinds } from '../kinds/registry.ts';
import type { ResolvedStep } from '../model/resolved.ts';
import { validateSchema, validParts } from '../model/schema/schema.ts';
import type { Playbook, Step } from '../model/types.ts';
import { holdsSecretValue, revealedIn, type SecretValue, withSecrets } from '../secrets/secret-value.ts';
import { spendWork } from '../source/allowance.ts';
import type { Names } from '../template/context.ts';
import { evaluate, renderValue, type Scope } from '../template/render.ts';
import { containsUnknown, typeName, UNKNOWN } from '../template/values.ts';
import { loadLocalFiles } from './local-files.ts';
import { revealing } from './revealing.ts';
import { anyNames, type StepContext } from './step-names.ts';

export interface StepResolution {
  readonly steps: readonly ResolvedStep[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether a template uses facts that aren't known yet. */
  readonly needsFacts: boolean;
}

/** One step for one host: none if its condition is false, several with `for_each`. */
export function resolveStep(step: Step, context: StepContext): StepResolution {
  if (step.forEach === undefined) return resolveOnce(step, context);
  const { value: list, diagnostics } = listOf(step, context);
  if (list === undefined || list === UNKNOWN) {
    return {
      steps: [],
      diagnostics: [...diagnostics, ...checkInAnyCase(step)],
      needsFacts: list === UNKNOWN,
    };
  }
  const each = list.map((item, index) => {
    return resolveOnce(step, context.withItem(item), ` [${index + 1}]`);
  });
  return {
    steps: each.flatMap(({ steps }) => steps),
    diagnostics: [...diagnostics, ...each.flatMap((one) => one.diagnostics)],
    needsFacts: each.some(({ needsFacts }) => needsFacts),
  };
}

/** Errors in a step's params that don't depend on variables, nor on whether the step applies. */
export function checkInAnyCase(step: Step): readonly Diagnostic[] {
  return renderParams(step, kindOf(step), anyNames, () => UNKNOWN).diagnostics;
}

/** The list of a step's `for_each`. The step's own variables may need `item`; those can't be part of it. */
function listOf(step: Step, context: StepContext): Checked<readonly unknown[] | typeof UNKNOWN> {
  const { isLost, builtins } = context.around;
  const { names, diagnostics } = context.withItem(UNKNOWN).namesFor(step);
  const rendered = renderValue(step.forEach, names, step.locate, ['for_each']);
  const found = [...diagnostics, ...rendered.diagnostics];
  const list = rendered.value;
  if (Array.isArray(list)) return { value: list, diagnostics: found };
  const range = step.locate(['for_each']);
  if (list !== UNKNOWN) {
    const message = `for_each must give a list, and gives ${typeName(list)}`;
    return { diagnostics: [...found, { severity: 'error', code: 'wrong-type', message, range }] };
  }
  if (hasErrors(found) || isLost !== undefined || containsUnknown(builtins))
    return { value: UNKNOWN, diagnostics: found };
  const message = "for_each makes the items, so it can't depend on one";
  return { diagnostics: [...found, { severity: 'error', code: 'undefined-variable', message, range }] };
}

/** The least that a step costs on one host, in units of the play's allowance. */
const perStep = 20;

function resolveOnce(step: Step, context: StepContext, suffix = ''): StepResolution {
  spendWork(perStep);
  const { names, diagnostics: wrong } = context.namesFor(step);
  const when = step.when === undefined ? always : evaluate(step.when, names, step.locate(['when']));
  const soFar = [...wrong, ...when.diagnostics];
  if (when.value === false) return { steps: [], diagnostics: soFar, needsFacts: false };
  if (when.value !== true) {
    // The condition may exclude the step if something is undefined.
    const diagnostics = [...soFar, ...checkInAnyCase(step)];
    return { steps: [], diagnostics, needsFacts: when.value === UNKNOWN };
  }
  const name = renderValue(step.name, names, step.locate, ['name']);
  const shownName = revealing(() => revealedIn(name.value), step.locate(['name']));
  const params = resolveParams(step, context.around.playbook, names);
  const diagnostics = [...soFar, ...name.diagnostics, ...shownName.diagnostics, ...params.diagnostics];
  if (params.value === undefined || hasErrors(diagnostics))
    return { steps: [], diagnostics, needsFacts: false };
  const { params: known, secrets } = params.value;
  if (secrets.includes('argv')) diagnostics.push(inArgv(step));
  if (name.value === UNKNOWN || containsUnknown(known)) return { steps: [], diagnostics, needsFacts: true };
  return {
    steps: [
      {
        step,
        name: `${shownName.value}${suffix}`,
        params: known,
        ...(secrets.length === 0 ? {} : { secrets }),
      },
    ],
    diagnostics,
    needsFacts: false,
  };
}

const always: Checked<boolean> = { value: true, diagnostics: [] };

/** A step's params, checked as far as they are known, with the local files that they name. */
function resolveParams(
  step: Step,
  playbook: Pick<Playbook, 'path'>,
  names: Names,
): Checked<{ params: Scope; secrets: readonly string[] }> {
  const kind = kindOf(step);
  const { params, secrets, diagnostics } = renderParams(step, kind, names, (secret) => secret.reveal());
  const right = diagnostics.length === 0 ? params : validParts(kind.params, params);
  const files = loadLocalFiles(kind.params, right, step, playbook, names);
  const all = [...diagnostics, ...files.diagnostics];
  if (files.value === undefined || hasErrors(all)) return { diagnostics: all };
  const named = [...secrets, ...files.value.secrets];
  return { value: { params: guarded(kind, files.value.params, named), secrets: named }, diagnostics: all };
}

/** If a param involves a secret, a kind that can hide its content does so. */
function guarded(kind: Kind, params: Scope, secrets: readonly string[]): Scope {
  const content = kind.secrets?.({ ...params, secret: true }) ?? [];
  return content.some((param) => secrets.includes(param)) ? { ...params, secret: true } : params;
}

/** Rendered, with UNKNOWN for a wrong template, and otherwise validated by the kind's schema. */
function renderParams(
  step: Step,
  kind: Kind,
  names: Names,
  reveal: (secret: SecretValue) => unknown,
): { params: Scope; secrets: readonly string[]; diagnostics: Diagnostic[] } {
  const rendered = renderValue(step.params, names, step.locate, [step.kind]);
  const { value = {}, diagnostics } = revealing(
    () => withSecrets(rendered.value, reveal) as Scope,
    step.locate([step.kind]),
  );
  const secrets = Object.entries(rendered.value as Scope).flatMap(([param, given]) =>
    holdsSecretValue(given) ? [param] : [],
  );
  if (diagnostics.length > 0)
    return { params: value, secrets, diagnostics: [...rendered.diagnostics, ...diagnostics] };
  const params = value;
  const words = { key: 'param', isUnknown: containsUnknown };
  const problems = validateSchema(kind.params, params, step.locate, [step.kind], words);
  return { params, secrets, diagnostics: [...rendered.diagnostics, ...problems.map(templateHint)] };
}

function inArgv(step: Step): Diagnostic {
  const message = "every user of the host can read a program's arguments while it runs, and one is a secret";
  const hint = 'use run, and pass the secret on standard input, in a file or in the environment';
  return warning('secret-in-argv', message, step.locate([step.kind, 'argv']), hint);
}

function kindOf(step: Step): Kind {
  const kind = kinds.get(step.kind);
  if (kind === undefined) throw new InternalError(`step ${step.name} has the unknown kind ${step.kind}`);
  return kind;
}

/** A template's result has the type of its variable, whatever quotes surround it. */
export function templateHint(problem: Diagnostic): Diagnostic {
  const { range, hint } = problem;
  if (!range?.source.text.slice(range.start, range.end).includes('{{')) return problem;
  if (hint === 'put it in quotes')
    return { ...problem, hint: 'the variable has that type; write {{ … | string }}' };
  if (hint === 'take the quotes off')
    return { ...problem, hint: 'the variable is a text; write {{ … | int }}' };
  return problem;
}
