import { type Checked, type Diagnostic, hasErrors, type SourceFile } from '../diagnostics/diagnostic.ts';
import { validateSchema } from '../model/schema.ts';
import { varsSchema } from '../model/shared-schema.ts';
import type { Locate } from '../model/types.ts';
import { secrets } from '../secrets/masker.ts';
import { secretly } from '../secrets/secret-value.ts';
import { parseYaml } from '../source/parse-yaml.ts';
import { readSource } from '../source/read-source.ts';

type Vars = Record<string, unknown>;

/**
 * Reads `-e` options: `key=value` (the value is YAML, so `n=3` is a number), a YAML or JSON mapping, or `@FILE`
 * with one. Later ones win, and those of `secretFiles`, which hold mappings of secrets, over all. Their names follow the
 * same rule as those of `vars` in files.
 */
export function readExtraVars(
  options: readonly string[],
  secretFiles: readonly string[] = [],
): Checked<Vars> {
  const value: Vars = {};
  const diagnostics: Diagnostic[] = [];
  for (const one of [...options.map(readOne), ...secretFiles.map((file) => readFile(file, true))]) {
    diagnostics.push(...one.diagnostics);
    Object.assign(value, one.value);
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value, diagnostics };
}

function readOne(option: string): Checked<Vars> {
  if (option.startsWith('@')) return readFile(option.slice(1), false);
  // A mapping that holds a `=` somewhere begins with a brace, or has white space or a colon before it.
  const [, key, value] = /^([^\s={}:'"]+)=(.*)$/s.exec(option) ?? [];
  const commandLine = { path: '--extra-vars', text: option };
  return key === undefined || value === undefined
    ? readMapping(commandLine)
    : readPair(key, value, commandLine);
}

/** What was encrypted is secret in any case. */
function readFile(path: string, secret: boolean): Checked<Vars> {
  const { value: source, diagnostics } = readSource(path);
  if (source === undefined) return { diagnostics };
  if (!secret && !source.secret) return readMapping(source);
  const vars = readMapping({ ...source, secret: true });
  // What is no mapping may be the secret itself.
  if (vars.value === undefined) secrets.add(source.text);
  return vars;
}

function readMapping(source: SourceFile): Checked<Vars> {
  const { value: document, diagnostics } = parseYaml(source);
  if (document === undefined || hasErrors(diagnostics)) return { diagnostics };
  const { data, locate } = document;
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const vars = checked(data as Vars, locate);
    if (vars.value === undefined || !source.secret) return vars;
    const entries = Object.entries(vars.value).map(([name, value]) => [
      name,
      secretly(value, locate([name])),
    ]);
    return { ...vars, value: Object.fromEntries(entries) };
  }
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
