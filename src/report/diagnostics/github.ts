import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import { sentence } from '../../diagnostics/sentence.ts';
import { sortDiagnostics } from '../../diagnostics/sort.ts';
import { diagnosticToJson } from './json.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * Diagnostics as workflow commands of GitHub Actions, a line each; GitHub shows them as annotations on the files of a
 * pull request. GitHub takes paths as relative to the repository, whatever the working folder of a step. It shows ten
 * errors and ten warnings of a step.
 * @param repository its folder; files elsewhere keep their paths.
 */
export function githubAnnotations(diagnostics: readonly Diagnostic[], repository: string): string {
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => `${annotation(diagnostic, repository)}\n`)
    .join('');
}

function annotation(diagnostic: Diagnostic, repository: string): string {
  const { severity, code, file, line, column, endLine, endColumn, hint } = diagnosticToJson(diagnostic);
  const properties = {
    file: file === undefined ? undefined : within(file, repository),
    line,
    endLine,
    // GitHub accepts columns only within one line, and includes the last one.
    ...(column !== undefined && line === endLine
      ? { col: column, endColumn: Math.max(column, (endColumn ?? column) - 1) }
      : {}),
    title: code,
  };
  const named = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  const message = sentence(withoutSecrets(diagnostic));
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`;
  return `::${severity} ${named.join(',')}::${data(text)}`;
}

function within(file: string, repository: string): string {
  const short = relative(repository, resolve(file));
  return short.startsWith('..') ? file : short;
}

/** Escaped as in @actions/core; other control characters become visible. */
function data(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeControl(line).replaceAll('%', '%25'))
    .join('%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
