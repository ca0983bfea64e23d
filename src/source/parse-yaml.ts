import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser } from 'yaml';
import { mostTold } from '../diagnostics/bounded.ts';
import type { Code } from '../diagnostics/codes/registry.ts';
import { type Checked, type Diagnostic, error, type SourceFile } from '../diagnostics/diagnostic.ts';
import { allowance } from './allowance.ts';
import type { Locate } from './locate.ts';
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

/** The YAML library is recursive, and thousands of levels exhaust its stack. */
const maxDepth = 100;

/**
 * Reads one YAML 1.2 document (core schema). Every syntax error is reported, and then there is no value.
 *
 * Errors after which the rest can be read (duplicate keys, keys that aren't strings, tags, merge keys) come with a
 * value, so that the document's reader can report further errors: check the diagnostics, not only the value.
 */
export function parseYaml(source: SourceFile): Checked<SourceDocument> {
  const parsed = compose(source);
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics };
  const contents = parsed.value.contents;
  const { data, aliases, diagnostics } = toData(contents, source);
  return { value: { source, data, locate: locateIn(source, contents, aliases) }, diagnostics };
}

function compose(source: SourceFile): Checked<Document.Parsed> {
  const { tokens, stopped } = tokenize(source.text);
  if (stopped !== undefined) {
    const { at, code, message } = stopped;
    return { diagnostics: [error(code, message, { source, start: at, end: at + 1 })] };
  }
  const composer = new Composer<ParsedNode>({
    // `%YAML 1.1` in the file must not change the meaning of words.
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    customTags: secretTags,
    // toData finds them in linear time, with the place of the first one.
    uniqueKeys: false,
    prettyErrors: false,
  });
  boundErrors(composer);
  const documents = [...composer.compose(tokens, true, source.text.length)];
  const diagnostics: Diagnostic[] = documents.flatMap((document) => syntaxDiagnostics(document, source));
  const [first, second] = documents;
  if (second !== undefined) diagnostics.push(severalDocuments(source, second.range[0]));
  return diagnostics.length > 0 || first === undefined ? { diagnostics } : { value: first, diagnostics };
}

/** Each error of the library includes a stack trace, so only the first of very many are kept. */
function boundErrors(composer: Composer<ParsedNode>): void {
  const report: (...error: unknown[]) => void = Reflect.get(composer, 'onError');
  let found = 0;
  Reflect.set(composer, 'onError', (...error: unknown[]) => {
    if (found++ < mostTold) report(...error);
  });
}

interface Tokenized {
  readonly tokens: readonly CST.Token[];
  /** Why the rest wasn't read. */
  readonly stopped?: { readonly at: number; readonly code: Code; readonly message: string };
}

function tokenize(text: string): Tokenized {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let [lexemes, errors] = [0, 0];
  const add = (token: CST.Token) => {
    if (token.type !== 'error' || ++errors <= mostTold) tokens.push(token);
  };
  for (const lexeme of new Lexer().lex(text)) {
    const at = parser.offset;
    if (++lexemes > allowance.lexemes) {
      const message = 'the file has more values up to here than any inventory or playbook';
      return { tokens, stopped: { at, code: 'file-too-large', message } };
    }
    for (const token of parser.next(lexeme)) add(token);
    if (parser.stack.length > maxDepth) {
      const message = `nested more than ${maxDepth} levels deep`;
      return { tokens, stopped: { at: parser.offset, code: 'yaml-depth', message } };
    }
  }
  for (const token of parser.end()) add(token);
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
