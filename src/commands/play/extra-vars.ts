import { type Checked, type Diagnostic, hasErrors, type SourceFile } from '../../diagnostics/diagnostic.ts';
import { validateSchema } from '../../model/schema/schema.ts';
import { varsSchema } from '../../model/schema/shared-schema.ts';
import { secrets } from '../../secrets/masker.ts';
import { asSecret } from '../../secrets/secret-value.ts';
import type { Locate } from '../../source/locate.ts';
import { parseYaml } from '../../source/parse-yaml.ts';
import { readSource } from '../../source/read-source.ts';
import { type Pair, pairsOf } from './extra-var-pairs.ts';

type Vars = Record<string, unknown>;

/**
 * Reads `-e` options: `key=value` pairs (values are YAML, so `n=3` is a number), a YAML or JSON mapping, or `@FILE`
 * with one. Later ones win, and those of `secretFiles`, which contain mappings of secrets, win over all. Their names
 * follow the same rule as those of `vars` in files.
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
  const commandLine = { path: '--extra-vars', text: option };
  // A mapping that contains a `=` begins with a brace, or has white space or a colon before it.
  const pairs = pairsOf(option);
  if (pairs === 'unclear') return { diagnostics: [unclearPairs(commandLine)] };
  if (pairs.length === 0) return readMapping(commandLine);
  const read = pairs.map((pair) => readPair(pair, commandLine));
  const diagnostics = read.flatMap((one) => one.diagnostics);
  if (hasErrors(diagnostics)) return { diagnostics };
  return { value: Object.assign({}, ...read.map((one) => one.value)), diagnostics };
}

function unclearPairs(option: SourceFile): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-extra-vars',
    message: 'there are several variables, and it is unclear which words belong together',
    range: { source: option, start: 0, end: option.text.length },
    hint: `put values with spaces in quotes of their own, as in -e "a='two words' b=6", or use -e once for each variable`,
  };
}

/** Encrypted values are always secret. */
function readFile(path: string, secret: boolean): Checked<Vars> {
  const { value: source, diagnostics } = readSource(path);
  if (source === undefined) return { diagnostics };
  if (!secret && !source.secret) return readMapping(source);
  const vars = readMapping({ ...source, secret: true });
  // If it isn't a mapping, it may be the secret itself.
  if (vars.value === undefined) secrets.add(source.text);
  return vars;
}

function readMapping(source: SourceFile): Checked<Vars> {
  const { value: document, diagnostics } = parseYaml(source);
  if (document === undefined || hasErrors(diagnostics)) return { diagnostics };
  const { data, locate } = document;
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const vars = checked(data as Vars, locate);
    const all = [...diagnostics, ...vars.diagnostics];
    if (vars.value === undefined || !source.secret) return { ...vars, diagnostics: all };
    const entries = Object.entries(vars.value).map(([name, value]) => [
      name,
      asSecret(value, locate([name])),
    ]);
    return { value: Object.fromEntries(entries), diagnostics: all };
  }
  const hint = 'write -e key=value, -e "{key: value}" or -e @file.yml';
  const message = 'extra variables must be key=value or a mapping';
  return {
    diagnostics: [{ severity: 'error', code: 'invalid-extra-vars', message, range: locate([]), hint }],
  };
}

function readPair({ key, value: text, start }: Pair, option: SourceFile): Checked<Vars> {
  const { value: document, diagnostics: found } = parseYaml({ path: option.path, text });
  const offset = start + key.length + 1;
  const diagnostics = found.map((one) => shifted(one, option, offset));
  if (document === undefined || hasErrors(diagnostics)) return { diagnostics };
  // A variable may be set to an empty text.
  const value = text === '' ? '' : document.data;
  const { value: vars, diagnostics: own } = checked({ [key]: value }, () => ({
    source: option,
    start,
    end: start + key.length,
  }));
  const all = [...diagnostics, ...own];
  return vars === undefined ? { diagnostics: all } : { value: vars, diagnostics: all };
}

function checked(value: Vars, locate: Locate): Checked<Vars> {
  const diagnostics = validateSchema(varsSchema, value, locate, [], { key: 'variable' });
  return diagnostics.length > 0 ? { diagnostics } : { value, diagnostics };
}

/** Moves a diagnostic from a part of the option to the whole. */
function shifted(diagnostic: Diagnostic, source: SourceFile, by: number): Diagnostic {
  const { range } = diagnostic;
  if (range === undefined) return diagnostic;
  return { ...diagnostic, range: { source, start: range.start + by, end: range.end + by } };
}
