import { type Checked, type Diagnostic, hasErrors, type SourceFile } from '../diagnostics/diagnostic.ts';
import { validateSchema } from '../model/schema.ts';
import { varsSchema } from '../model/shared-schema.ts';
import type { Locate } from '../model/types.ts';
import { parseYaml } from '../source/parse-yaml.ts';
import { readSource } from '../source/read-source.ts';

type Vars = Record<string, unknown>;

/**
 * Reads `-e` options: `key=value` (the value is YAML, so `n=3` is a number), a YAML or JSON mapping, or `@FILE`
 * with one. Later ones win. Their names follow the same rule as those of `vars` in files.
 */
export function readExtraVars(options: readonly string[]): Checked<Vars> {
  const value: Vars = {};
  const diagnostics: Diagnostic[] = [];
  for (const option of options) {
    const one = readOne(option);
    diagnostics.push(...one.diagnostics);
    Object.assign(value, one.value);
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value, diagnostics };
}

function readOne(option: string): Checked<Vars> {
  if (option.startsWith('@')) {
    const source = readSource(option.slice(1));
    return source.value === undefined ? { diagnostics: source.diagnostics } : readMapping(source.value);
  }
  // A mapping that holds a `=` somewhere begins with a brace, or has white space or a colon before it.
  const [, key, value] = /^([^\s={}:'"]+)=(.*)$/s.exec(option) ?? [];
  const commandLine = { path: '--extra-vars', text: option };
  return key === undefined || value === undefined
    ? readMapping(commandLine)
    : readPair(key, value, commandLine);
}

function readMapping(source: SourceFile): Checked<Vars> {
  const { value: document, diagnostics } = parseYaml(source);
  if (document === undefined || hasErrors(diagnostics)) return { diagnostics };
  const { data, locate } = document;
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return checked(data as Vars, locate);
  const hint = 'write -e key=value, -e "{key: value}" or -e @file.yml';
  const message = 'extra variables must be key=value or a mapping';
  return {
    diagnostics: [{ severity: 'error', code: 'invalid-extra-vars', message, range: locate([]), hint }],
  };
}

function readPair(key: string, text: string, option: SourceFile): Checked<Vars> {
  const { value: document, diagnostics } = parseYaml({ path: option.path, text });
  if (document === undefined || hasErrors(diagnostics)) return { diagnostics };
  // A variable can be set to an empty text.
  const value = text === '' ? '' : document.data;
  return checked({ [key]: value }, () => ({ source: option, start: 0, end: key.length }));
}

function checked(value: Vars, locate: Locate): Checked<Vars> {
  const diagnostics = validateSchema(varsSchema, value, locate, [], { key: 'variable' });
  return diagnostics.length > 0 ? { diagnostics } : { value, diagnostics };
}
