import { dirname, resolve } from 'node:path';
import { type Checked, hasErrors } from '../diagnostics/diagnostic.ts';
import type { Playbook, Step } from '../model/types.ts';
import { readSource } from '../source/read-source.ts';
import { renderValue } from '../template/render.ts';

/**
 * Puts a local file's text in the place of its path, for every param that its schema marks with
 * `x-local-file`: `text` as it is, `template` rendered. Paths are relative to the playbook.
 */
export function loadLocalFiles(
  schema: object,
  params: Readonly<Record<string, unknown>>,
  step: Step,
  playbook: Playbook,
  scope: Record<string, unknown>,
): Checked<Readonly<Record<string, unknown>>> {
  const { properties = {} } = schema as { properties?: Record<string, { 'x-local-file'?: 'text' | 'template' }> };
  const loaded = { ...params };
  for (const [name, value] of Object.entries(params)) {
    const use = properties[name]?.['x-local-file'];
    if (use === undefined) continue;
    const source = readSource(resolve(dirname(playbook.path), String(value)));
    if (source.value === undefined) {
      const range = step.locate([step.kind, name]);
      return { diagnostics: source.diagnostics.map((diagnostic) => ({ ...diagnostic, range })) };
    }
    if (use === 'text') {
      loaded[name] = source.value.text;
      continue;
    }
    const range = { source: source.value, start: 0, end: source.value.text.length };
    const text = renderValue(source.value.text, scope, () => range, []);
    if (hasErrors(text.diagnostics)) return { diagnostics: text.diagnostics };
    loaded[name] = String(text.value);
  }
  return { value: loaded, diagnostics: [] };
}
