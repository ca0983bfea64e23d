import { braces, closings, syntaxFault } from './syntax-fault.ts';
import { type Span, TemplateError } from './template-error.ts';
import type { Token } from './token.ts';
import { tokenize } from './tokens.ts';

/** The pieces of a template's text, in order. Spans are offsets in the user's text. */
export type Piece =
  | { readonly type: 'text'; readonly value: string; readonly span: Span }
  /** A comment, or one end of `raw`: no output, but a text that contains it is not a lone `{{ }}`. */
  | { readonly type: 'nothing'; readonly span: Span }
  /**
   * `{{ }}` or `{% %}`. One that can't be tokenised is reported; its tokens are those before the error, and an invalid
   * one.
   */
  | {
      readonly type: 'output' | 'statement';
      readonly tokens: readonly Token[];
      readonly readable: boolean;
      readonly span: Span;
    };

type Sign = '-' | '+' | '';

/** A tag, and what its signs say about the white space around it. */
interface Tag {
  readonly piece: Exclude<Piece, { type: 'text' }>;
  readonly left: Sign;
  readonly right: Sign;
  /** Whether it removes its line if it stands alone there: the indentation, the newline. */
  readonly line: { readonly indentation: boolean; readonly newline: boolean };
}

const whole = { indentation: true, newline: true };

/** Cuts a template into pieces. Errors go to `faults`, and cutting goes on after them. */
export function cut(text: string, faults: TemplateError[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let before: Tag | undefined;
  const between = (after: Tag | undefined) => {
    const piece = textBetween(text, before, after);
    if (piece !== undefined) pieces.push(piece);
  };
  for (const tag of tagsIn(text, faults)) {
    between(tag);
    pieces.push(tag.piece);
    before = tag;
  }
  between(undefined);
  return pieces;
}

const rawEnd = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
const rawStart = /\{%([-+]?)\s*raw\s*([-+]?)%\}/y;

function* tagsIn(text: string, faults: TemplateError[]): Generator<Tag> {
  const opening = /\{[{%#]/g;
  for (let found = opening.exec(text); found; found = opening.exec(text)) {
    const start = found.index;
    rawStart.lastIndex = start;
    const raw = rawStart.exec(text);
    if (raw) {
      yield rawTag(raw, { indentation: true, newline: false });
      rawEnd.lastIndex = start + raw[0].length;
      const end = rawEnd.exec(text);
      if (!end) {
        faults.push(neverClosed('{% raw %}', { start, end: start + raw[0].length }, 'write {% endraw %}'));
        yield unreadable('statement', [], { start, end: text.length });
        return;
      }
      yield rawTag(end, whole);
      opening.lastIndex = end.index + end[0].length;
      continue;
    }
    const tag = found[0] === '{#' ? commentAt(text, start, faults) : tagAt(text, start, faults);
    yield tag;
    opening.lastIndex = tag.piece.span.end;
  }
}

/** As in Jinja, the newline after `{% raw %}` belongs to the text. */
function rawTag(match: RegExpExecArray, line: Tag['line']): Tag {
  const span = { start: match.index, end: match.index + match[0].length };
  return { piece: { type: 'nothing', span }, left: sign(match[1]), right: sign(match[2]), line };
}

function sign(character: string | undefined): Sign {
  return character === '-' || character === '+' ? character : '';
}

function commentAt(text: string, start: number, faults: TemplateError[]): Tag {
  const left = sign(text[start + 2]);
  const inner = start + 2 + left.length;
  const close = text.indexOf('#}', inner);
  if (close < 0) {
    const hint =
      "write #} behind it; what is no comment is written {{ '{#' }}, or stands between {% raw %} and {% endraw %}";
    faults.push(neverClosed('comment', { start, end: start + 2 }, hint));
    return unreadable('statement', [], { start, end: text.length });
  }
  const right = close > inner ? sign(text[close - 1]) : '';
  return { piece: { type: 'nothing', span: { start, end: close + 2 } }, left, right, line: whole };
}

function tagAt(text: string, start: number, faults: TemplateError[]): Tag {
  const type = text[start + 1] === '{' ? 'output' : 'statement';
  const left = sign(text[start + 2]);
  const tokens: Token[] = [];
  try {
    const closed = tokenize(text, start + 2 + left.length, closings[type], tokens);
    if (closed === undefined)
      throw neverClosed(type === 'output' ? '{{' : '{%', { start, end: start + 2 }, braces);
    const { end, right } = closed;
    const line = type === 'output' ? { indentation: false, newline: false } : whole;
    return { piece: { type, tokens, readable: true, span: { start, end } }, left, right, line };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    faults.push(error);
    const end = resume(text, Math.max(start + 2, error.span?.start ?? 0));
    return unreadable(type, tokens, { start, end });
  }
}

function unreadable(type: 'output' | 'statement', tokens: readonly Token[], span: Span): Tag {
  const misfit: Token = { type: 'operator', value: '', span };
  const piece: Tag['piece'] = {
    type,
    tokens: [...tokens, misfit, { type: 'end', value: '', span }],
    readable: false,
    span,
  };
  return { piece, left: '', right: '', line: { indentation: false, newline: false } };
}

/**
 * The probable end of a tag that can't be tokenised: after the next closing braces, or before the next opening ones.
 */
function resume(text: string, from: number): number {
  const next = /[}%]\}|\{[{%#]/g;
  next.lastIndex = from;
  const found = next.exec(text);
  if (!found) return text.length;
  return found[0].startsWith('{') ? found.index : found.index + 2;
}

function neverClosed(what: string, span: Span, hint: string): TemplateError {
  return syntaxFault(`this ${what} is never closed`, span, hint);
}

/** The text between two tags, without the white space that they strip by their signs or as lines of their own. */
function textBetween(text: string, before: Tag | undefined, after: Tag | undefined): Piece | undefined {
  let start = before?.piece.span.end ?? 0;
  let end = after?.piece.span.start ?? text.length;
  if (before?.right === '-') start = skipBlank(text, start, end);
  else if (before?.right === '' && before.line.newline && standsAlone(text, before.piece.span)) {
    start = Math.min(end, text.indexOf('\n', start) + 1 || text.length);
  }
  if (after?.left === '-') end = start + text.slice(start, end).trimEnd().length;
  else if (after?.left === '' && after.line.indentation && standsAlone(text, after.piece.span)) {
    end = Math.max(start, lineStart(text, end));
  }
  return start < end ? { type: 'text', value: text.slice(start, end), span: { start, end } } : undefined;
}

function skipBlank(text: string, start: number, end: number): number {
  return end - text.slice(start, end).trimStart().length;
}

/** A line with one statement or comment and nothing else leaves no output. */
function standsAlone(text: string, { start, end }: Span): boolean {
  const before = lineStart(text, start);
  if (before > 0 && text[before - 1] !== '\n') return false;
  let i = end;
  while (text[i] === ' ' || text[i] === '\t') i++;
  return i >= text.length || text[i] === '\n' || text.startsWith('\r\n', i);
}

/** Goes back over blanks and tabs. */
function lineStart(text: string, offset: number): number {
  let i = offset;
  while (text[i - 1] === ' ' || text[i - 1] === '\t') i--;
  return i;
}
