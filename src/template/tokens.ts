import { readString } from './string-literal.ts';
import { syntaxFault } from './syntax-fault.ts';
import type { Span } from './template-error.ts';
import type { Token } from './token.ts';

/** How a tag ends. */
export interface Closed {
  /** The offset after its closing braces. */
  readonly end: number;
  readonly right: '-' | '+' | '';
}

const blank = /\s*/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const operator = /\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=()[\]{}.,:|]/y;
// As in Jinja, but without the sign. A number after a dot has no fraction: `x.1.2`.
const integer = /(?:0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?[0-9])*|0(?:_?0)*)/iy;
const float =
  /(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?e[-+]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)/iy;

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Reads tokens into `tokens` up to `closing`, which counts only outside brackets; without `closing`, up to the end of
 * the text. The last token is `end`. Linear time. Undefined if the text ends before the tag does; throws TemplateError if it
 * can't go on.
 */
export function tokenize(
  text: string,
  start: number,
  closing: '}}' | '%}' | undefined,
  tokens: Token[],
): Closed | undefined {
  const open: Token[] = [];
  let at = start;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += match(blank)?.length ?? 0;
    if (at >= text.length) {
      if (closing !== undefined) return undefined;
      if (open.length > 0) throw neverClosed(open.at(-1));
      tokens.push({ type: 'end', value: '', span: { start: at, end: at } });
      return { end: at, right: '' };
    }
    if (closing !== undefined) {
      const right = open.length === 0 ? closed(text, at, closing) : undefined;
      if (right !== undefined) {
        const end = at + right.length + 2;
        tokens.push({ type: 'end', value: closing, span: { start: at, end } });
        return { end, right };
      }
      refuseBraces(text, at, closing, open.length === 0);
    }
    const token = tokenAt(text, at, match, tokens.at(-1));
    bracket(token, open, closing);
    tokens.push(token);
    at = token.span.end;
  }
}

/** Braces of another tag. No valid expression contains them: keys of a mapping are texts. */
function refuseBraces(text: string, at: number, closing: string, canClose: boolean): void {
  const two = text.slice(at, at + 2);
  const span = { start: at, end: at + 2 };
  if (['{{', '{%', '{#'].includes(two)) {
    const hint = 'names inside {{ }} and {% %} need no braces of their own';
    throw syntaxFault(`expected ${closing} before this`, span, hint);
  }
  if (canClose && ['}}', '%}'].includes(two)) throw syntaxFault(`expected ${closing} here`, span);
}

function closed(text: string, at: number, closing: '}}' | '%}'): '-' | '+' | '' | undefined {
  if (text.startsWith(closing, at)) return '';
  const first = text[at];
  if (!text.startsWith(closing, at + 1)) return undefined;
  if (first === '-' || (first === '+' && closing === '%}')) return first;
  return undefined;
}

function tokenAt(
  text: string,
  at: number,
  match: (pattern: RegExp) => string | undefined,
  before: Token | undefined,
): Token {
  const span = (length: number): Span => ({ start: at, end: at + length });
  const first = text[at] ?? '';
  if (first === "'" || first === '"') return readString(text, at);
  const word = match(name);
  if (word !== undefined) return { type: 'name', value: word, span: span(word.length) };
  if (/[0-9]/.test(first)) {
    const afterDot = before?.type === 'operator' && before.value === '.' && before.span.end === at;
    return numberToken((afterDot ? undefined : match(float)) ?? match(integer) ?? first, text, at);
  }
  const sign = match(operator);
  if (sign !== undefined) return { type: 'operator', value: sign, span: span(sign.length) };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const two = text.slice(at, at + 2);
  const other = otherSigns.get(two) ?? otherSigns.get(first);
  const wrong = otherSigns.has(two) ? two : character;
  throw syntaxFault(`'${wrong}' means nothing in a template`, span(wrong.length), other);
}

/** Operators of other languages. */
const otherSigns: ReadonlyMap<string, string> = new Map([
  ['&&', "write 'and'"],
  ['||', "write 'or'"],
  ['!', "write 'not', or != between two values"],
  ['?', 'write `a if x else b`'],
  ['$', 'a variable is written without $'],
  ['`', 'text stands between quotes'],
  ['‘', 'text stands between straight quotes, \' or "'],
  ['’', 'text stands between straight quotes, \' or "'],
  ['“', 'text stands between straight quotes, \' or "'],
  ['”', 'text stands between straight quotes, \' or "'],
]);

function numberToken(digits: string, text: string, at: number): Token {
  const span = { start: at, end: at + digits.length };
  const rest = /^[A-Za-z0-9_]+/.exec(text.slice(span.end, span.end + 40))?.[0];
  if (rest !== undefined) {
    const hint =
      digits === '0' && /^[0-9]/.test(rest) ? "a number doesn't begin with 0" : 'text stands between quotes';
    throw syntaxFault(
      `${digits}${rest} is neither a number nor a name`,
      { start: at, end: span.end + rest.length },
      hint,
    );
  }
  const isWhole = !/^[0-9_]+[.e]/i.test(digits);
  const value = Number(digits.replaceAll('_', ''));
  if (isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)) return { type: 'number', value, span };
  throw syntaxFault(`${digits.slice(0, 40)} is too large for a number`, span, 'text stands between quotes');
}

/** Updates `open`, the brackets that are open. */
function bracket(token: Token, open: Token[], closing: '}}' | '%}' | undefined): void {
  if (token.type !== 'operator') return;
  if (['(', '[', '{'].includes(token.value)) open.push(token);
  const opening = pairs[token.value];
  if (opening === undefined) return;
  const last = open.pop();
  if (last === undefined) {
    // Probably one brace of two.
    if (token.value === '}' && closing !== undefined)
      throw syntaxFault(`expected ${closing} here`, token.span);
    throw syntaxFault(`this ${token.value} closes nothing`, token.span);
  }
  if (last.value !== opening) throw neverClosed(last);
}

function neverClosed(token: Token | undefined) {
  return syntaxFault(`this ${token?.value} is never closed`, token?.span);
}
