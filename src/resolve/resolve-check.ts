import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Check, CheckAction } from '../model/check-types.ts';
import { matchHosts } from '../model/inventory/pattern.ts';
import { checkParamsSchemas } from '../model/playbook/check-schema.ts';
import type { LostNames } from '../model/schema/draft.ts';
import { validateSchema } from '../model/schema/schema.ts';
import type { Inventory } from '../model/types.ts';
import { holdsSecretValue, revealedIn } from '../secrets/secret-value.ts';
import { renderValue } from '../template/render.ts';
import { containsUnknown, UNKNOWN } from '../template/values.ts';
import { templateHint } from './resolve-step.ts';
import { revealing } from './revealing.ts';
import type { StepContext } from './step-names.ts';

/** The selected hosts that take part in a check; `unknown` if its pattern is wrong. */
export function hostsOfCheck(
  check: Check,
  inventory: Inventory | undefined,
  chosen: readonly string[],
  lost: LostNames,
  diagnostics: Diagnostic[],
): ReadonlySet<string> | 'unknown' {
  if (check.hosts === undefined || inventory === undefined) return new Set(chosen);
  const known = { hosts: inventory.hosts, groups: inventory.groups, lost };
  const matched = matchHosts(check.hosts, known, { range: check.locate(['hosts']) });
  diagnostics.push(...matched.diagnostics);
  if (matched.value === undefined) return 'unknown';
  const within = new Set(matched.value);
  return new Set(chosen.filter((host) => within.has(host)));
}

/** A check's params for one host; UNKNOWN if they depend on something that isn't known yet. */
export function checkForHost(check: Check, context: StepContext): Checked<CheckAction | typeof UNKNOWN> {
  const { kind, locate } = check;
  const { names, diagnostics: wrong } = context.namesFor({ vars: {}, locate });
  const rendered = renderValue(check.params, names, locate, [kind]);
  const { value, diagnostics: unavailable } = revealing(() => revealedIn(rendered.value), locate([kind]));
  const diagnostics = [...rendered.diagnostics, ...unavailable];
  if (unavailable.length > 0) return { diagnostics: [...wrong, ...diagnostics] };
  const words = { key: 'param', isUnknown: containsUnknown } as const;
  const problems = validateSchema(checkParamsSchemas[kind], value, locate, [kind], words).map(templateHint);
  const found = [...wrong, ...diagnostics, ...problems];
  if (found.length > 0) return { diagnostics: found };
  if (containsUnknown(value)) return { value: UNKNOWN, diagnostics: [] };
  const secret = holdsSecretValue(rendered.value) ? { secret: true } : {};
  return { value: { kind, params: value, ...secret } as CheckAction, diagnostics: [] };
}
