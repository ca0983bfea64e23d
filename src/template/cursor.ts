import type { Word } from './ast.ts';
import { limits, tooDeep } from './budget.ts';
import { constants, keywords } from './names.ts';
import { syntaxFault } from './syntax-fault.ts';
import type { Span } from './template-error.ts';
import type { Token } from './token.ts';

type Worded = 'name' | 'operator';

/** Reads the tokens of one tag. Throws TemplateError at an unexpected one. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  /** The last token is the `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next token; at the end, the end token. */
  get token(): Token {
    return this.#look(0);
  }

  /** The token after the next one. */
  get following(): Token {
    return this.#look(1);
  }

  #look(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const { token } = this;
    this.#at++;
    return token;
  }

  is(type: Worded, ...values: readonly string[]): boolean {
    const { token } = this;
    return token.type === type && values.includes(token.value);
  }

  /** Takes the next token if it is this one. */
  take(type: Worded, value: string): Token | undefined {
    return this.is(type, value) ? this.next() : undefined;
  }

  /** `or` is what would have been valid here, too. */
  expect(operator: string, or?: string): Token {
    return this.take('operator', operator) ?? this.fail(`expected ${or ? `${or} or ` : ''}${operator}`);
  }

  /** A name that is not a keyword. */
  word(expected: string): Word {
    const { token } = this;
    if (token.type !== 'name' || keywords.has(token.value)) return this.fail(expected);
    this.next();
    return { name: token.value, span: token.span };
  }

  /** The name of a variable that a template sets. */
  target(expected: string): Word {
    return constants.has(String(this.token.value)) ? this.fail(expected) : this.word(expected);
  }

  /** Throws if anything is left before the tag's end. */
  expectEnd(): void {
    const { token } = this;
    if (token.type === 'end') return;
    const end = this.#tokens.at(-1)?.value;
    const hint = this.is('operator', '=') ? '== compares' : undefined;
    this.fail(end ? `expected ${end}` : 'expected nothing more', hint);
  }

  fail(expected: string, hint?: string): never {
    const { token } = this;
    const place = token.type !== 'end' ? 'here' : token.value === '' ? 'at the end' : `before ${token.value}`;
    throw syntaxFault(`${expected} ${place}`, token.span, hint);
  }

  /** Counts the levels of nesting while parsing. */
  nested<T>(parse: () => T): T {
    if (this.#nesting >= limits.nesting) throw tooDeep(this.token.span);
    this.#nesting++;
    const result = parse();
    this.#nesting--;
    return result;
  }
}

export function joined(from: Span, to: Span): Span {
  return { start: from.start, end: to.end };
}
