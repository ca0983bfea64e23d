import { isAbsolute, relative } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { escapeControl } from './escape.ts';
import { diagnosticToJson } from './json.ts';
import { sortDiagnostics } from './render.ts';

/**
 * Diagnostics as workflow commands of GitHub Actions, a line each, which make annotations on the files of a pull request.
 * Paths beneath `cwd` are relative to it. GitHub shows ten errors and ten warnings of a step.
 */
export function githubAnnotations(diagnostics: readonly Diagnostic[], cwd: string): string {
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => `${annotation(diagnostic, cwd)}\n`)
    .join('');
}

function annotation(diagnostic: Diagnostic, cwd: string): string {
  const { severity, code, message, file, line, column, endLine, endColumn, hint } =
    diagnosticToJson(diagnostic);
  const properties = {
    file: file === undefined ? undefined : fromHere(file, cwd),
    line,
    endLine,
    // GitHub takes columns only within one line, and the last one as part of what is meant.
    ...(column !== undefined && line === endLine
      ? { col: column, endColumn: Math.max(column, (endColumn ?? column) - 1) }
      : {}),
    title: code,
  };
  const named = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
  return `::${severity} ${named.join(',')}::${data(text)}`;
}

function fromHere(file: string, cwd: string): string {
  const short = isAbsolute(file) ? relative(cwd, file) : file;
  return short === '' || short.startsWith('..') ? file : short;
}

/** As @actions/core escapes what it says; other control characters become visible. */
function data(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeControl(line).replaceAll('%', '%25'))
    .join('%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
