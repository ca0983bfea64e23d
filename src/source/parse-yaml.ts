import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser } from 'yaml';
import type { Checked, Diagnostic, SourceFile } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../model/types.ts';
import { locateIn } from './locate.ts';
import { secretTags } from './secret-tags.ts';
import { syntaxDiagnostics } from './syntax.ts';
import { toData } from './to-data.ts';

/** A YAML file as plain data: strings, numbers, booleans, null, arrays and objects. */
export interface SourceDocument {
  readonly source: SourceFile;
  /** Null for an empty file. */
  readonly data: unknown;
  readonly locate: Locate;
}

/** The YAML library is recursive and brings the process down on thousands of levels. */
const maxDepth = 100;

/**
 * Reads one YAML 1.2 document (core schema). Every syntax error is reported, and then there is no value.
 *
 * Errors that leave the rest readable (duplicate keys, keys that aren't strings, tags, merge keys) come
 * with a value, so that the reader of the document can report what else is wrong: check the diagnostics,
 * not only the value.
 */
export function parseYaml(source: SourceFile): Checked<SourceDocument> {
  const parsed = compose(source);
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics };
  const contents = parsed.value.contents;
  const { data, aliases, diagnostics } = toData(contents, source);
  return { value: { source, data, locate: locateIn(source, contents, aliases) }, diagnostics };
}

function compose(source: SourceFile): Checked<Document.Parsed> {
  const { tokens, tooDeepAt } = tokenize(source.text);
  if (tooDeepAt !== undefined) {
    const range = { source, start: tooDeepAt, end: tooDeepAt + 1 };
    const message = `nested more than ${maxDepth} levels deep`;
    return { diagnostics: [{ severity: 'error', code: 'yaml-depth', message, range }] };
  }
  const composer = new Composer<ParsedNode>({
    // `%YAML 1.1` in the file must not change what words mean.
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    customTags: secretTags,
    // Found by toData, in linear time and with the place of the first one.
    uniqueKeys: false,
    prettyErrors: false,
  });
  const documents = [...composer.compose(tokens, true, source.text.length)];
  const diagnostics: Diagnostic[] = documents.flatMap((document) => syntaxDiagnostics(document, source));
  const [first, second] = documents;
  if (second !== undefined) diagnostics.push(severalDocuments(source, second.range[0]));
  return diagnostics.length > 0 || first === undefined ? { diagnostics } : { value: first, diagnostics };
}

function tokenize(text: string): { tokens: CST.Token[]; tooDeepAt?: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > maxDepth) return { tokens, tooDeepAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

function severalDocuments(source: SourceFile, start: number): Diagnostic {
  return {
    severity: 'error',
    code: 'multiple-documents',
    message: 'a second YAML document begins here; a file holds one',
    range: { source, start, end: start + 3 },
    hint: "take the '---' out, or put the second document into a file of its own",
  };
}
