import { type Checked, type Diagnostic, hasErrors, type SourceFile } from '../diagnostics/diagnostic.ts';
import type { ParamsSchema } from '../kinds/define-kind.ts';
import type { Playbook, Step } from '../model/types.ts';
import { secrets } from '../secrets/masker.ts';
import { revealedIn, SecretValue } from '../secrets/secret-value.ts';
import { readNamed } from '../source/named-file.ts';
import type { Names } from '../template/context.ts';
import { renderText } from '../template/render.ts';
import { typeName, UNKNOWN } from '../template/values.ts';
import { revealing } from './revealing.ts';

type Params = Readonly<Record<string, unknown>>;

/**
 * Replaces the path of a local file by its text, for every param that its schema marks with `x-local-file`: `text`
 * unchanged, `template` rendered. Paths are relative to the playbook, and stay in its project (`readNamed`). A text
 * that needs the host's facts is UNKNOWN until they are known. `secrets` names the params whose texts involve secrets:
 * they were encrypted, or their templates use one.
 */
export function loadLocalFiles(
  schema: ParamsSchema,
  params: Params,
  step: Step,
  playbook: Pick<Playbook, 'path'>,
  names: Names,
): Checked<{ readonly params: Params; readonly secrets: readonly string[] }> {
  const secret: string[] = [];
  let loaded = params;
  const diagnostics: Diagnostic[] = [];
  for (const name in schema.properties) {
    const use = schema.properties[name]?.['x-local-file'];
    const path = params[name];
    if (use === undefined || typeof path !== 'string') continue;
    const text = loadFile(readNamed(path, playbook.path), use === 'template' ? names : undefined);
    // Errors about a file as a whole are at the place that names it.
    const range = step.locate([step.kind, name]);
    diagnostics.push(...text.diagnostics.map((diagnostic) => ({ range, ...diagnostic })));
    loaded = { ...loaded, [name]: text.value?.text };
    if (text.value?.secret) secret.push(name);
  }
  return hasErrors(diagnostics)
    ? { diagnostics }
    : { value: { params: loaded, secrets: secret }, diagnostics };
}

interface Loaded {
  readonly text: string | typeof UNKNOWN;
  readonly secret: boolean;
}

/** A file's text; with names, rendered. */
function loadFile(
  { value: source, diagnostics }: Checked<SourceFile>,
  names: Names | undefined,
): Checked<Loaded> {
  if (source === undefined) return { diagnostics };
  const encrypted = source.secret ?? false;
  if (encrypted) secrets.add(source.text);
  if (names === undefined) return { value: { text: source.text, secret: encrypted }, diagnostics };
  const whole = { source, start: 0, end: source.text.length };
  const rendered = renderText(source.text, names, whole);
  if (hasErrors(rendered.diagnostics)) return { diagnostics: rendered.diagnostics };
  const secret = encrypted || rendered.value instanceof SecretValue;
  const revealed = revealing(() => revealedIn(rendered.value), whole);
  if (hasErrors(revealed.diagnostics)) return { diagnostics: revealed.diagnostics };
  const { value } = revealed;
  if (value === UNKNOWN) return { value: { text: UNKNOWN, secret }, diagnostics: [] };
  // A template of only `{{ x }}` is x itself.
  if (typeof value !== 'object' && value !== undefined)
    return { value: { text: String(value), secret }, diagnostics: [] };
  const message = `the template gives ${typeName(value)}, and a file holds text`;
  return {
    diagnostics: [
      { severity: 'error', code: 'not-text', message, range: whole, hint: 'use the filter join, or to_json' },
    ],
  };
}
