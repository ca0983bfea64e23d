import { type Diagnostic, type Checked, hasErrors } from '../diagnostics/diagnostic.ts';
import { parseYaml } from '../source/parse-yaml.ts';
import { readSource } from '../source/read-source.ts';

/**
 * Reads `-e` options: `key=value` (the value is YAML, so `n=3` is a number), a YAML or JSON mapping, or `@FILE`
 * with one. Later ones win.
 */
export function readExtraVars(options: readonly string[]): Checked<Record<string, unknown>> {
  const value: Record<string, unknown> = {};
  const diagnostics: Diagnostic[] = [];
  for (const option of options) {
    const one = readOne(option);
    diagnostics.push(...one.diagnostics);
    Object.assign(value, one.value);
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value, diagnostics };
}

function readOne(option: string): Checked<Record<string, unknown>> {
  const pair = /^([A-Za-z_]\w*)=(.*)$/s.exec(option);
  const source = option.startsWith('@')
    ? readSource(option.slice(1))
    : { value: { path: '--extra-vars', text: pair ? (pair[2] as string) : option }, diagnostics: [] };
  if (source.value === undefined) return { diagnostics: source.diagnostics };
  const document = parseYaml(source.value);
  if (document.value === undefined || hasErrors(document.diagnostics)) return { diagnostics: document.diagnostics };
  const { data, locate } = document.value;
  if (pair) return { value: { [pair[1] as string]: pair[2] === '' ? '' : data }, diagnostics: document.diagnostics };
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    return { value: data as Record<string, unknown>, diagnostics: document.diagnostics };
  }
  const hint = 'write -e key=value, -e "{key: value}" or -e @file.yml';
  const message = 'extra variables must be key=value or a mapping';
  return { diagnostics: [{ severity: 'error', code: 'invalid-extra-vars', message, range: locate([]), hint }] };
}
