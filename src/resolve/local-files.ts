import { dirname, isAbsolute, join } from 'node:path';
import { type Checked, type Diagnostic, hasErrors } from '../diagnostics/diagnostic.ts';
import type { ParamsSchema } from '../kinds/define-kind.ts';
import type { Playbook, Step } from '../model/types.ts';
import { readSource } from '../source/read-source.ts';
import type { Names } from '../template/context.ts';
import { renderText } from '../template/render.ts';
import { typeName, UNKNOWN } from '../template/values.ts';

type Params = Readonly<Record<string, unknown>>;

/**
 * Puts a local file's text in the place of its path, for every param that its schema marks with
 * `x-local-file`: `text` as it is, `template` rendered. Paths are relative to the playbook. UNKNOWN stands
 * for a text that can't be rendered before the host's facts are known.
 */
export function loadLocalFiles(
  schema: ParamsSchema,
  params: Params,
  step: Step,
  playbook: Pick<Playbook, 'path'>,
  names: Names,
): Checked<Params> {
  let loaded = params;
  const diagnostics: Diagnostic[] = [];
  for (const name in schema.properties) {
    const use = schema.properties[name]?.['x-local-file'];
    const path = params[name];
    if (use === undefined || typeof path !== 'string') continue;
    const text = loadFile(
      isAbsolute(path) ? path : join(dirname(playbook.path), path),
      use === 'template' ? names : undefined,
    );
    // What is wrong with a file as a whole is said at the place that names it.
    const range = step.locate([step.kind, name]);
    diagnostics.push(...text.diagnostics.map((diagnostic) => ({ range, ...diagnostic })));
    loaded = { ...loaded, [name]: text.value };
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value: loaded, diagnostics };
}

/** A file's text; with names, rendered. */
function loadFile(path: string, names: Names | undefined): Checked<string | typeof UNKNOWN> {
  const { value: source, diagnostics } = readSource(path);
  if (source === undefined) return { diagnostics };
  if (names === undefined) return { value: source.text, diagnostics };
  const whole = { source, start: 0, end: source.text.length };
  const rendered = renderText(source.text, names, whole);
  if (hasErrors(rendered.diagnostics)) return { diagnostics: rendered.diagnostics };
  const { value } = rendered;
  if (value === UNKNOWN) return { value: UNKNOWN, diagnostics: [] };
  // A template that is nothing but `{{ x }}` gives x itself.
  if (typeof value !== 'object' && value !== undefined) return { value: String(value), diagnostics: [] };
  const message = `the template gives ${typeName(value)}, and a file holds text`;
  return {
    diagnostics: [
      { severity: 'error', code: 'not-text', message, range: whole, hint: 'use the filter join, or to_json' },
    ],
  };
}
