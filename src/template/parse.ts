import { mostTold } from '../diagnostics/bounded.ts';
import type { Body, Expression, Parsed, Statement, Word } from './ast.ts';
import { limits, tooDeep } from './budget.ts';
import { Cursor } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { cut, type Piece } from './pieces.ts';
import { braces, syntaxFault } from './syntax-fault.ts';
import { type Span, TemplateError } from './template-error.ts';
import type { Token } from './token.ts';
import { tokenize } from './tokens.ts';
import { isForeign, isStatement, unknownStatement } from './unknown.ts';

/** Parses a template's text. Each tag that can't be parsed is one fault, and parsing goes on after it. */
export function parseTemplate(text: string, faults: TemplateError[]): Body {
  const parser = new Parser(faults);
  for (const piece of cut(text, faults)) {
    if (faults.length >= mostTold) break;
    parser.add(piece);
  }
  return parser.end();
}

/** Parses an expression on its own, without braces. */
export function parseLone(text: string, faults: TemplateError[]): Parsed {
  return attempt(faults, () => {
    const tokens: Token[] = [];
    tokenize(text, 0, undefined, tokens);
    const cursor = new Cursor(tokens);
    if (cursor.token.type === 'end') throw syntaxFault('there is no expression here', undefined);
    return wholly(cursor, parseExpression);
  });
}

/** Parses something that must fill the whole tag. */
function wholly<T>(cursor: Cursor, parse: (cursor: Cursor) => T): T {
  const parsed = parse(cursor);
  cursor.expectEnd();
  return parsed;
}

function attempt<T>(faults: TemplateError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    faults.push(error);
    return undefined;
  }
}

interface Branch {
  readonly test: Parsed;
  readonly body: Statement[];
}

/** A statement whose end tag is still to come. */
type Open = { readonly span: Span; otherwise?: Statement[] } & (
  | { readonly type: 'if'; readonly branches: Branch[] }
  | {
      readonly type: 'for';
      readonly targets: readonly Word[];
      readonly iterable: Parsed;
      readonly body: Statement[];
    }
  | { readonly type: 'set'; readonly name: string; readonly body: Statement[] }
);

class Parser {
  /** All faults, and the list for faults of the current tag. */
  readonly #faults: TemplateError[];
  #own: TemplateError[];
  readonly #top: Statement[] = [];
  readonly #open: Open[] = [];
  /** End tags of statements that are already reported. */
  readonly #excused = new Set<string>();
  /** A tag that can't be parsed may have opened or closed a statement. */
  #lost = false;

  constructor(faults: TemplateError[]) {
    this.#faults = faults;
    this.#own = faults;
  }

  add(piece: Piece): void {
    if (piece.type === 'text' || piece.type === 'nothing') {
      this.#put(piece);
      return;
    }
    // A tag that can't be tokenised is already reported.
    this.#own = piece.readable ? this.#faults : [];
    const cursor = new Cursor(piece.tokens);
    if (piece.type === 'output') this.#put({ type: 'output', expression: this.#output(cursor, piece.span) });
    else this.#statement(cursor, piece.span);
  }

  /** Ends the template. */
  end(): Body {
    while (this.#open.length > 0) this.#neverClosed();
    return this.#top;
  }

  #put(statement: Statement): void {
    const open = this.#open.at(-1);
    if (open === undefined) this.#top.push(statement);
    else if (open.otherwise) open.otherwise.push(statement);
    else bodyOf(open).push(statement);
  }

  #attempt<T>(read: () => T): T | undefined {
    return attempt(this.#own, read);
  }

  /** Braces around something that can't begin an expression are probably literal text. */
  #output(cursor: Cursor, span: Span): Parsed {
    return this.#attempt(() => {
      const { token } = cursor;
      if (token.type === 'end') throw syntaxFault('there is nothing between {{ and }}', span, braces);
      if (token.type === 'operator' && !'-+([{'.includes(token.value))
        cursor.fail('expected a value', braces);
      return wholly(cursor, parseExpression);
    });
  }

  #statement(cursor: Cursor, span: Span): void {
    const { token } = cursor;
    if (token.type !== 'name') {
      this.#attempt(() => cursor.fail('expected if, for or set'));
      this.#broken();
      return;
    }
    cursor.next();
    if (token.value === 'if') this.#begin({ type: 'if', span, branches: [this.#branch(cursor)] });
    else if (token.value === 'for') this.#for(cursor, span);
    else if (token.value === 'set') this.#set(cursor, span);
    else if (token.value === 'elif') this.#elif(cursor, token.span);
    else if (token.value === 'else') this.#else(cursor, token.span);
    else if (token.value.startsWith('end')) this.#close(cursor, token.value, token.span);
    else this.#refuse(token.value, token.span);
  }

  #broken(): void {
    this.#lost = true;
    this.#put({ type: 'broken' });
  }

  #begin(open: Open): void {
    if (this.#open.length >= limits.nesting) throw tooDeep(open.span);
    this.#open.push(open);
  }

  #branch(cursor: Cursor): Branch {
    return { test: this.#attempt(() => wholly(cursor, parseExpression)), body: [] };
  }

  #for(cursor: Cursor, span: Span): void {
    const header = this.#attempt(() => wholly(cursor, forHeader));
    this.#begin({ type: 'for', span, targets: header?.targets ?? [], iterable: header?.iterable, body: [] });
  }

  #set(cursor: Cursor, span: Span): void {
    const word = this.#attempt(() => cursor.target('expected a name'));
    if (word === undefined) this.#broken();
    else if (cursor.token.type === 'end') this.#begin({ type: 'set', span, name: word.name, body: [] });
    else {
      const value = this.#attempt(() => wholly(cursor, assigned));
      this.#put({ type: 'set', name: word.name, value, body: undefined });
    }
  }

  #elif(cursor: Cursor, at: Span): void {
    const branch = this.#branch(cursor);
    const open = this.#backTo('if');
    if (open?.type !== 'if') this.#misplaced('there is no {% if %} that this elif belongs to', at);
    else if (open.otherwise) this.#misplaced('elif stands before else, not behind it', at);
    else open.branches.push(branch);
  }

  #else(cursor: Cursor, at: Span): void {
    this.#attempt(() => {
      if (cursor.is('name', 'if')) throw syntaxFault("expected elif here, not 'else if'", at);
      cursor.expectEnd();
    });
    const open = this.#backTo('if', 'for');
    if (!open) this.#misplaced('there is no {% if %} or {% for %} that this else belongs to', at);
    else if (open.otherwise) this.#misplaced('this is the second else', at);
    else open.otherwise = [];
  }

  #close(cursor: Cursor, word: string, at: Span): void {
    this.#attempt(() => cursor.expectEnd());
    const type = word.slice('end'.length);
    if (type === '') {
      this.#misplaced('expected endif, endfor or endset here', at);
      return;
    }
    const open = this.#backTo(type);
    if (open) {
      this.#open.pop();
      this.#put(closed(open));
    } else if (this.#excused.has(type)) return;
    else if (!isStatement(word)) this.#refuse(word, at);
    else this.#misplaced(`there is no {% ${type} %} that this ${word} belongs to`, at);
  }

  #refuse(name: string, at: Span): void {
    this.#own.push(unknownStatement(name, at));
    this.#excused.add(name);
    // A misspelt name may have been meant to open or close a statement.
    this.#lost ||= !isForeign(name);
    this.#put({ type: 'broken' });
  }

  /** The innermost open statement of these types; statements inside it are left unclosed. */
  #backTo(...types: readonly string[]): Open | undefined {
    const index = this.#open.findLastIndex(({ type }) => types.includes(type));
    if (index < 0) return undefined;
    while (this.#open.length > index + 1) this.#neverClosed();
    return this.#open[index];
  }

  #neverClosed(): void {
    const open = this.#open.pop() as Open;
    this.#misplaced(`this {% ${open.type} %} is never closed`, open.span, `write {% end${open.type} %}`);
    this.#excused.add(open.type);
    this.#put(closed(open));
  }

  #misplaced(message: string, at: Span, hint?: string): void {
    if (!this.#lost) this.#faults.push(syntaxFault(message, at, hint));
  }
}

const noFilter = { message: "a loop can't choose elements by 'if'", hint: 'put {% if %} inside the loop' };

function forHeader(cursor: Cursor): { targets: readonly Word[]; iterable: Expression } {
  const targets = [cursor.target('expected a name')];
  while (cursor.take('operator', ',')) targets.push(cursor.target('expected a name'));
  if (!cursor.take('name', 'in')) cursor.fail("expected 'in'", 'write {% for x in list %}');
  return { targets, iterable: parseExpression(cursor, noFilter) };
}

function assigned(cursor: Cursor): Expression {
  if (cursor.is('operator', '.', '['))
    cursor.fail('expected =', 'a name is set as a whole, no part of its value');
  cursor.expect('=');
  return parseExpression(cursor);
}

function bodyOf(open: Open): Statement[] {
  return open.type === 'if' ? (open.branches.at(-1) as Branch).body : open.body;
}

function closed(open: Open): Statement {
  const { otherwise = [] } = open;
  if (open.type === 'if') return { type: 'if', branches: open.branches, otherwise };
  if (open.type === 'set') return { type: 'set', name: open.name, value: undefined, body: open.body };
  return { type: 'for', targets: open.targets, iterable: open.iterable, body: open.body, otherwise };
}
