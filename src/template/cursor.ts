import type { Word } from './ast.ts';
import { limits, tooDeep } from './budget.ts';
import type { Span } from './fault.ts';
import { constants, keywords } from './names.ts';
import { syntaxFault } from './syntax-fault.ts';
import type { Token } from './tokens.ts';

type Worded = 'name' | 'operator';

/** Goes through the tokens of one tag. Throws Fault where they aren't as expected. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  /** The last token is the `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token that is next; at the end, the end. */
  get token(): Token {
    return this.#look(0);
  }

  /** The token after it. */
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

  /** Takes the token if it is the one that is meant. */
  take(type: Worded, value: string): Token | undefined {
    return this.is(type, value) ? this.next() : undefined;
  }

  /** `or` is what could have stood here, too. */
  expect(operator: string, or?: string): Token {
    return this.take('operator', operator) ?? this.fail(`expected ${or ? `${or} or ` : ''}${operator}`);
  }

  /** A name that isn't a word of the language. */
  word(expected: string): Word {
    const { token } = this;
    if (token.type !== 'name' || keywords.has(token.value)) return this.fail(expected);
    this.next();
    return { name: token.value, span: token.span };
  }

  /** The name of what a template sets. */
  target(expected: string): Word {
    return constants.has(String(this.token.value)) ? this.fail(expected) : this.word(expected);
  }

  /** Nothing may be left before the tag's end. */
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

  /** Keeps count of the levels that are being read. */
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
