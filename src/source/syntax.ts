import type { Document, YAMLError } from 'yaml';
import type { Code } from '../diagnostics/codes/registry.ts';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.ts';
import { lineAt } from '../diagnostics/position.ts';
import { tidy } from '../json/records.ts';

interface Wording {
  readonly code: Code;
  readonly message?: string;
  readonly hint?: string;
}

/** The YAML library's errors in the words of a playbook's author. Others keep the library's message. */
const wordings: Partial<Record<YAMLError['code'], Wording>> = {
  TAB_AS_INDENT: {
    code: 'yaml-tab',
    message: "a tab can't indent YAML",
    hint: 'indent with spaces',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'yaml-syntax',
    message: "a second ': ' on one line, or a line that is indented too far",
    hint: "quote a value that contains ': '",
  },
  MULTILINE_IMPLICIT_KEY: {
    code: 'yaml-syntax',
    message: "a ':' is missing after this key, or a line break is in the wrong place",
  },
  BAD_SCALAR_START: { code: 'yaml-syntax', hint: 'quote the value' },
  BAD_ALIAS: { code: 'yaml-alias' },
  ALIAS_PROPS: { code: 'yaml-alias' },
  BAD_DIRECTIVE: { code: 'yaml-directive' },
  TAG_RESOLVE_FAILED: {
    code: 'yaml-tag',
    message: 'YAML tags are not supported',
    hint: 'write plain strings, numbers, lists and mappings',
  },
};

/** Every error of a document, one per line: further errors on a line nearly always follow from the first. */
export function syntaxDiagnostics(document: Document.Parsed, source: SourceFile): Diagnostic[] {
  const byLine = new Map<number, Diagnostic>();
  // The library's warnings are unknown tags and ignored directives.
  for (const error of [...document.errors, ...document.warnings]) {
    const line = lineAt(source, error.pos[0]);
    if (!byLine.has(line)) byLine.set(line, toDiagnostic(error, source));
  }
  return [...byLine.values()];
}

function toDiagnostic(error: YAMLError, source: SourceFile): Diagnostic {
  const { code, message, hint } = wordings[error.code] ?? { code: 'yaml-syntax' };
  const start = Math.max(0, error.pos[0]);
  return tidy({
    severity: 'error',
    code,
    message: message ?? lowerFirst(error.message.split('\n')[0] ?? ''),
    range: { source, start, end: Math.max(start + 1, error.pos[1]) },
    hint,
  });
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
